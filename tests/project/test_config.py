"""curator.toml and the making of a project."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.clock import FixedClock
from curator.core.errors import UsageError
from curator.project.config import ProjectConfig, config_text, read_config
from curator.project.create import Wishes, create_project
from curator.project.lock import held
from curator.project.paths import open_project
from curator.project.vault import Vault

CLOCK = FixedClock(datetime(2026, 11, 23, 9, 14, tzinfo=UTC))
WORD = b"correct horse battery"


def wishes(root: Path, **more: object) -> Wishes:
    fields = {"dataset": None, "site": "s1", "organization": "", "policy": "safe-harbor", "vault": None}
    return Wishes(root=root, **{**fields, **more})  # type: ignore[arg-type]


@given(st.text(max_size=50), st.text(min_size=1, max_size=50))
def test_settings_survive_their_file(organization: str, policy: str) -> None:
    import tempfile

    config = ProjectConfig("ds", "s", policy, date(2026, 1, 2), organization, Path("../v"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "curator.toml"
        try:
            data = config_text(config).encode("utf-8")
        except UnicodeEncodeError:
            return  # a lone surrogate is no text
        path.write_bytes(data)
        assert read_config(path) == config


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "PRJ-002"),
        ("format = 1\nformat = 2", "PRJ-002"),
        ('format=1\ndataset="x"\nsite="s"\npolicy="p"\nproject_date="2026-13-01"\nvault="v"', "PRJ-002"),
        ('format=1\ndataset="X Y"\nsite="s"\npolicy="p"\nproject_date="2026-12-01"\nvault="v"', "PRJ-002"),
        ('format=9\ndataset="x"\nsite="s"\npolicy="p"\nproject_date="2026-12-01"\nvault="v"', "SYS-007"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "curator.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_config(path)
    assert caught.value.code == code


def test_a_project_is_made_once_and_its_vault_stands_beside_it(tmp_path: Path) -> None:
    made = create_project(wishes(tmp_path / "trial"), WORD, CLOCK)
    assert open_project(tmp_path / "trial") == made
    assert made.vault == tmp_path / "trial.vault"
    assert made.config.project_date == date(2026, 11, 23)
    with pytest.raises(UsageError) as caught:
        create_project(wishes(tmp_path / "trial"), WORD, CLOCK)
    assert caught.value.code == "PRJ-003"


def test_a_making_that_was_killed_can_be_done_again(tmp_path: Path) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_project(wishes(tmp_path / "trial"), WORD, CLOCK, begin=killed)
    with pytest.raises(UsageError) as caught:
        open_project(tmp_path / "trial")
    assert caught.value.code == "PRJ-001"
    seeds: list[bytes] = []
    first = Vault.open(tmp_path / "trial.vault", WORD, purpose="t", clock=CLOCK).operator_key()
    create_project(wishes(tmp_path / "trial"), WORD, CLOCK, begin=lambda _a, _b, seed, _c: seeds.append(seed))
    assert seeds == [first]


def test_no_project_is_made_where_it_would_harm(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("x")
    for bad, code in (
        (wishes(tmp_path / "full"), "PRJ-005"),
        (wishes(tmp_path / "p", vault=tmp_path / "p" / "v"), "VLT-005"),
        (wishes(tmp_path / "p" / "q", vault=tmp_path / "p"), "VLT-005"),
        (wishes(tmp_path / "p", dataset="Bad Id"), "PRJ-002"),
        (wishes(tmp_path / "p", site="a/b"), "PRJ-002"),
    ):
        with pytest.raises(UsageError) as caught:
            create_project(bad, WORD, CLOCK)
        assert caught.value.code == code
    assert sorted(p.name for p in tmp_path.iterdir()) == ["full"]


def test_a_second_holder_of_a_lock_is_refused(tmp_path: Path) -> None:
    project = create_project(wishes(tmp_path / "trial"), WORD, CLOCK)
    with held(project, "scrub"):
        with pytest.raises(UsageError) as caught, held(project, "scrub"):
            pass
        assert caught.value.code == "PRJ-004"
    with held(project, "scrub"):
        pass
