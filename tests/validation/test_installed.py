"""Made-up installations: what was altered, removed, added, shadowed or left out is seen."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import metadata
from pathlib import Path

import pytest

import curator
from curator.validation import installed
from curator.validation.catalog import chosen
from curator.validation.installed import Files, Installed, compare, digest_of, needed, unlisted
from curator.validation.model import COULD_NOT_CHECK, FAIL, PASS, NotCheckedError, Result
from curator.validation.runner import run_check


class Site:
    """A folder of installed packages, as pip leaves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, version: str = "1.0", requires: tuple[str, ...] = (), *, listed: bool = True) -> None:
        package, info = self.folder / name, self.folder / f"{name}-{version}.dist-info"
        package.mkdir(parents=True)
        info.mkdir()
        files = {
            f"{name}/__init__.py": b"'code'\n",
            f"{name}/table.toml": b"a = 1\n",
            f"{info.name}/METADATA": "\n".join(
                [
                    "Metadata-Version: 2.1",
                    f"Name: {name}",
                    f"Version: {version}",
                    *(f"Requires-Dist: {r}" for r in requires),
                ]
            ).encode()
            + b"\n",
        }
        rows = []
        for path, data in files.items():
            (self.folder / path).write_bytes(data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.append(f"{path},sha256={digest},{len(data)}")
        rows += [f"{name}/__pycache__/__init__.cpython-311.pyc,,", f"{info.name}/RECORD,,"]
        if listed:
            (info / "RECORD").write_text("\n".join(rows) + "\n")

    def dist(self, name: str) -> metadata.Distribution | None:
        return next(iter(metadata.distributions(name=name, path=[str(self.folder)])), None)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The program with its own version, in a made-up site of its own."""
    made = Site(tmp_path / "site")
    made.add("curator", curator.__version__, ("first>=1", "later>=2; python_version < '3'", "other; extra == 'more'"))
    made.add("first", "1.5", ("second[fast]<3",))
    made.add("second", "2.0", ("third>=1; extra == 'fast'",))
    made.add("third", "1.0")
    monkeypatch.setattr(installed, "find", made.dist)
    monkeypatch.setattr(curator, "__file__", str(made.folder / "curator" / "__init__.py"))
    return made


def look(name: str, tmp_path: Path) -> Result:
    return run_check(chosen((name,))[0], tmp_path / "check")


def test_an_installation_as_it_was_made_passes(site: Site, tmp_path: Path) -> None:
    """21 CFR 11.10(a): the program's files are compared with the record of its installation."""
    result = look("IQ-02", tmp_path)
    assert result.outcome == PASS
    assert result.evidence.startswith("3 files of 1 packages as listed, 0 altered, 0 missing, 0 added; 2 files")


def test_an_altered_a_missing_and_an_added_file_of_the_program_are_seen(site: Site, tmp_path: Path) -> None:
    """21 CFR 11.10(a): altered, missing and added files of the program are found."""
    table, code = site.folder / "curator" / "table.toml", site.folder / "curator" / "__init__.py"
    table.write_bytes(b"a = 2\n")
    result = look("IQ-02", tmp_path)
    assert (result.outcome, result.evidence) == (FAIL, "1 altered, 0 missing, 0 added")
    table.unlink()
    assert look("IQ-02", tmp_path).evidence == "0 altered, 1 missing, 0 added"
    table.write_bytes(b"a = 1\n")
    extra = code.with_name("quillfeather.py")
    extra.write_bytes(b"")
    result = look("IQ-02", tmp_path)
    assert (result.outcome, result.evidence) == (FAIL, "0 altered, 0 missing, 1 added")
    extra.unlink()
    assert look("IQ-02", tmp_path).outcome == PASS


def test_a_program_that_runs_from_elsewhere_than_it_is_installed_is_seen(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curator, "__file__", str(site.folder / "first" / "__init__.py"))
    result = look("IQ-02", tmp_path)
    assert (result.outcome, "not the one that is installed" in result.evidence) == (FAIL, True)
    monkeypatch.setattr(curator, "__file__", str(site.folder / "curator" / "__init__.py"))
    monkeypatch.setattr(curator, "__version__", "9")
    assert look("IQ-02", tmp_path).outcome == FAIL


def test_a_checkout_and_a_package_without_a_list_could_not_be_checked(site: Site, tmp_path: Path) -> None:
    info = site.folder / f"curator-{curator.__version__}.dist-info"
    (info / "direct_url.json").write_text(json.dumps({"url": "file:///x", "dir_info": {"editable": True}}))
    result = look("IQ-02", tmp_path)
    assert (result.outcome, "checkout" in result.evidence) == (COULD_NOT_CHECK, True)
    (info / "direct_url.json").unlink()
    (info / "RECORD").unlink()
    assert look("IQ-02", tmp_path).outcome == COULD_NOT_CHECK


def test_requirements_are_followed_with_markers_and_extras(site: Site, tmp_path: Path) -> None:
    found, bad = needed()
    assert (sorted(found), bad) == (["first", "second", "third"], [])
    assert look("IQ-03", tmp_path).outcome == PASS
    assert look("IQ-04", tmp_path).evidence.startswith("9 files of 3 packages")


def test_a_missing_library_and_one_of_another_version_are_named(site: Site, tmp_path: Path) -> None:
    """21 CFR 11.10(a): libraries that are missing or of a version that is not allowed are found."""
    site.add("needy", "1.0", ("absent", "third>=7"))
    assert needed("needy")[1] == ["absent", "third"]
    (site.folder / "third-1.0.dist-info").rename(site.folder / "gone")
    result = look("IQ-03", tmp_path)
    assert (result.outcome, result.evidence) == (FAIL, "missing or of a version that is not allowed: third")


def test_an_altered_library_is_named_and_one_without_a_list_could_not_be_checked(site: Site, tmp_path: Path) -> None:
    """21 CFR 11.10(a): altered files of libraries are found."""
    (site.folder / "second" / "__init__.py").write_bytes(b"evil = 1\n")
    result = look("IQ-04", tmp_path)
    assert (result.outcome, result.evidence) == (FAIL, "1 altered and 0 missing files in second")
    (site.folder / "first-1.5.dist-info" / "RECORD").unlink()
    assert look("IQ-04", tmp_path).outcome == FAIL
    (site.folder / "second" / "__init__.py").write_bytes(b"'code'\n")
    result = look("IQ-04", tmp_path)
    assert (result.outcome, result.evidence) == (COULD_NOT_CHECK, "no list of files with digests: first")


def test_a_list_with_an_unknown_or_weak_spelling_of_a_digest_does_not_pass(site: Site) -> None:
    record = site.folder / "third-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text().replace("sha256=", "whirlpool="))
    dist = site.dist("third")
    assert dist is not None
    found = compare(dist)
    assert found is not None
    assert (found.altered, found.same, found.sound) == (3, 0, False)


def test_without_metadata_nothing_is_said_to_be_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find", lambda _name: None)
    with pytest.raises(NotCheckedError):
        needed()


def test_nothing_compared_is_not_sound() -> None:
    assert not Files().sound
    assert not Files(undigested=5).sound
    assert Files(same=1).plus(Files(same=2)).same == 3


def test_compiled_files_do_not_count_as_added(site: Site) -> None:
    dist, package = site.dist("third"), site.folder / "third"
    assert dist is not None
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "more.cpython-311.pyc").write_bytes(b"")
    assert unlisted(dist, package) == 0
    (package / "more.so").write_bytes(b"")
    assert unlisted(dist, package) == 1


def test_the_digest_of_a_list_changes_with_any_row_and_not_with_their_order() -> None:
    rows = [Installed("a", "1", "0" * 64), Installed("b", "2", "1" * 64)]
    assert digest_of(rows) == digest_of(rows[::-1])
    assert len({digest_of(rows), digest_of(rows[:1]), digest_of([rows[0], Installed("b", "3", "1" * 64)])}) == 3
