"""``curator release split``, ``seal`` and ``access``, by the commands that people run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from people_site import Site
from release_world import FILES, PATIENTS, add_patients, make_world


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_world(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(begun: Site, tmp_path: Path) -> Site:
    shutil.copytree(begun.folder, tmp_path / "site", symlinks=True)
    return Site(tmp_path / "site")


HALVES = ("--fractions", "train=50,test=50")


def test_split_seal_and_access_go_together(site: Site) -> None:
    dry = site("release", "split", *HALVES, "--dry-run", "--json", vault=True)
    assert dry.json["patients"]["train"] + dry.json["patients"]["test"] == len(PATIENTS)
    assert not (site.project / "splits").exists()
    made = site("release", "split", *HALVES, "--json", vault=True).json
    assert made["patients"] == dry.json["patients"]
    assert made["patients"]["test"] in range(4, 9)
    seal = ("release", "seal", "test", "--by", "rita", "--reason", "held back for the standalone test", "--json")
    before = site.records()
    assert site(*seal, "--dry-run", key=True).json["record"] is None
    assert site.records() == before
    sealed = site(*seal, key=True)
    assert sealed.code == 0, sealed.err
    assert sealed.json["samples"] == made["patients"]["test"] * FILES
    assert site(*seal, key=True).code == 2  # a name is sealed once
    use = ("release", "access", "test", "--who", "lab-2", "--purpose", "locked model 3.1", "--by", "rita", "--json")
    got = site(*use, "--output", site.folder / "eval", key=True)
    assert got.code == 0, got.err
    assert got.json["samples"] == sealed.json["samples"] == len(list((site.folder / "eval").rglob("*.dcm")))
    assert site(*use, "--output", site.folder / "eval", key=True).code == 2
    assert site(*use, key=True).code == 2
    asserted = site(*use, "--asserted", "--count", "7", key=True)
    assert (asserted.json["asserted"], asserted.json["samples"]) == (True, 7)
    assert "asserted by the signer, not seen by this program" in site(*use[:-1], "--asserted", key=True).out
    add_patients(site.project, 2, [f"P{letter * 16}" for letter in "MNOPQRST"])
    later = site("release", "split", "--json", vault=True).json
    assert later["new"] == {"train": 8, "test": 0}
    assert later["sealed"] == ["test"]


def test_what_cannot_be_is_refused_with_a_code_and_changes_nothing(site: Site) -> None:
    def refused(code: str, *words: object, vault: bool = True, key: bool = False) -> None:
        done = site(*words, vault=vault, key=key)
        assert (done.code, code in done.err) == (2, True), done.err
        assert "Mustermann" not in done.out + done.err

    refused("SPL-001", "release", "split", "--fractions", "train=50")
    refused("SPL-005", "release", "split", "--stratify", "ward")
    own = site.folder / "own.csv"
    own.write_text("pseudonym,split\nMustermann,test\n")
    refused("SPL-007", "release", "split", "--assign", own)
    own.write_text("pseudonym,split\n" + "".join(f"{name},train\n" for name in [*PATIENTS, PATIENTS[0]]))
    refused("SPL-008", "release", "split", "--assign", own)
    own.write_text("pseudonym,split,site\n" + "".join(f"{name},train,north\n" for name in PATIENTS))
    sites = site.folder / "sites.csv"
    sites.write_text(f"pseudonym,site\n{PATIENTS[3]},south\n")
    refused("SPL-009", "release", "split", "--assign", own, "--table", sites)
    sealing = ("release", "seal", "test", "--by", "rita", "--reason", "held back")
    refused("SPL-013", *sealing, vault=False, key=True)
    access = ("release", "access", "test", "--who", "x", "--purpose", "y", "--asserted", "--by", "rita")
    refused("SPL-014", *access, vault=False, key=True)
    assert not (site.project / "splits").exists()
    own.write_text("pseudonym,split\n" + "".join(f"{name},{'ab'[n % 2]}\n" for n, name in enumerate(PATIENTS)))
    assert site("release", "split", "--assign", own).code == 0
    refused("SPL-004", "release", "split", "--stratify", "sex")
    refused("SPL-004", "release", "split", "--by", "site")
    own.write_text("pseudonym,split\n" + "".join(f"{name},b\n" for name in PATIENTS))
    refused("SPL-010", "release", "split", "--assign", own)


def test_pseudonyms_of_one_patient_are_joined_on_record_and_withdrawn_together(site: Site) -> None:
    """21 CFR 11.10(e): how pseudonyms are read is signed, with the reason, and acts follow it."""
    one, two, three = PATIENTS[:3]
    said = ("release", "link", one, two, "--kept", one, "--by", "rita", "--reason", "same person")
    shown = site(*said, "--dry-run")
    assert (shown.code, "would sign: 2 pseudonyms merged" in shown.out) == (0, True), shown.err
    assert site(*said, key=True).code == 0
    apart = site("release", "link", two, three, "--kept", two, "--split", *said[6:], "--json", key=True).json
    assert (apart["action"], apart["pseudonyms"], apart["kept"]) == ("split", [two, three], two)
    for code, names in (("LED-075", (one, "MR-7788123")), ("LED-075", (one, "PZZZZZZZZZZZZZZZZ")), ("LED-076", (one,))):
        done = site("release", "link", *names, *said[4:], key=True)
        assert (done.code, code in done.err, "7788123" in done.err) == (2, True, False), done.err
    logged = site("ledger", "log", "--kind", "patients-linked").out
    assert "merged · kept " + one in logged
    assert "split · kept " + two in logged
    gone = site("release", "withdraw", three, "--effective", "2026-11-20", "--by", "rita", "--json", "--dry-run").json
    assert gone["patients"] == [one, two, three]
