"""The soak that draws hostile files anew: it finds its targets, counts what they tried, and its seeds differ."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def soak() -> Any:
    spec = importlib.util.spec_from_file_location("soak_fuzz", ROOT / "scripts" / "soak" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_every_fuzz_target_is_found_and_others_where_all_are_asked_for(soak: Any) -> None:
    here = sorted((ROOT / "tests" / "fuzz").glob("test_*.py"))
    assert soak.targets(every=False) == here
    assert len(here) >= 6
    assert set(here) < set(soak.targets(every=True))


def test_a_round_runs_under_its_seed_and_is_counted(soak: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert settings.get_profile("drawn").derandomize is False
    monkeypatch.setattr(soak, "ROOT", tmp_path)
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    drawn = tmp_path / "test_drawn.py"
    drawn.write_text(
        "from hypothesis import given, settings, strategies as st\n"
        "@settings(max_examples=20)\n@given(st.integers(100, 10**9))\n"
        f"def test_it(number):\n    open({str(tmp_path / 'drawn')!r}, 'a').write(f'{{number}} ')\n"
    )
    tried = []
    for seed in (1, 1, 2):
        code, passed, said = soak.one_round(drawn, seed, 1)
        assert (code, passed) == (0, 20), said
        tried.append((tmp_path / "drawn").read_text())
        (tmp_path / "drawn").unlink()
    assert tried[0] == tried[1] != tried[2]
    drawn.write_text(drawn.read_text().replace("open(", "assert number < 0; open("))
    assert soak.one_round(drawn, 1, 1)[0] == 1
