"""The script that has a package judged by others says plainly what cannot be asked, and never ends in a traceback."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/interop/graders.py"
CONTEXT = "https://w3id.org/ro/crate/1.2/context"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "package"
    (made / "data/ecopy/STATISTICAL DATA").mkdir(parents=True)
    (made / "signatures").mkdir()
    (made / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (made / "README.txt").write_text("Nothing to run.\n")
    return made


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    def run(*words: str | Path) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        told = capsys.readouterr()
        return ended.value.code, told.out + told.err

    return run


def test_a_package_from_which_bytes_were_purged_cannot_be_judged_whole(judge, package: Path) -> None:
    (package / "signatures/purge.dsse.json").write_text("{}")
    code, told = judge(package)
    assert code == 3
    assert told.count("bytes were purged by signed order") == 6
    assert "curator release verify" in told
    assert "PASS" not in told


@pytest.mark.parametrize(
    ("archive", "word"), [(None, "not run  pyreadstat"), (b"no archive", "FAIL     pyreadstat")], ids=["none", "broken"]
)
def test_tables_that_are_not_there_are_not_run_and_broken_ones_fail(judge, package: Path, archive, word: str) -> None:
    if archive is not None:
        (package / "data/ecopy/STATISTICAL DATA/case_level_data.zip").write_bytes(archive)
    code, told = judge(package)
    assert code == 1, "a package without a PDF is no eCopy"
    assert word in told


@pytest.mark.parametrize("text", [None, "no JSON", "[]", json.dumps({"@id": CONTEXT[:-11], "@context": {}})])
def test_another_file_is_no_context(judge, package: Path, tmp_path: Path, text: str | None) -> None:
    given = tmp_path / "context.jsonld"
    if text is not None:
        given.write_text(text)
    code, told = judge(package, "--context", given)
    assert code == 2
    assert "--context has to be" in told


def test_no_package_is_a_wrong_use(judge, tmp_path: Path) -> None:
    assert judge(tmp_path)[0] == 2


def test_of_joined_sites_each_package_is_judged_and_what_only_they_have_is_not_asked_of_the_whole(
    judge, package: Path
) -> None:
    for site in ("north", "south"):
        made = package / "data/sites" / site
        (made / "data/ecopy").mkdir(parents=True)
        (made / "bagit.txt").write_text("BagIt-Version: 1.0\n")
        (made / "README.txt").write_text("Nothing to run.\n")
    code, told = judge(package)
    assert code == 1, "there is no eCopy"
    assert told.count("each of which has its own") == 2
    assert [line for line in told.splitlines() if line.startswith("site ")] == ["site north", "site south"]
