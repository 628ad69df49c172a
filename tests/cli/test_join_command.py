"""Two hospitals' packages, made and audited by the commands, joined by a sponsor who has no vault.

Of the hospitals the north gets a further version here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sites_world import PEOPLE, WAIVED, Hospitals, Sponsor, cheap, tree

from curator.core.schema import violation

CLOSED = "privacy/known-identifiers"


class Way:
    """What was made, and what each step said."""

    def __init__(self, folder: Path, hospitals: Hospitals) -> None:
        self.folder = folder
        self.sites, self.packages, self.keys = hospitals.sites, hospitals.packages, hospitals.keys
        self.sponsor = Sponsor(folder / "sponsor")
        self.said: dict[str, Any] = {}

    @property
    def site_keys(self) -> list[object]:
        return [word for name, path in self.keys.items() for word in ("--site-key", f"{name}={path}")]

    def build(self, step: str, version: str, *more: object, code: int = 0) -> None:
        self.said[step] = self.sponsor.go("release", "build", version, "--json", *more, code=code, vault=True)

    def verify(self, step: str, version: str, *more: object, code: int = 0) -> None:
        package = self.sponsor.project / "releases" / f"v{version}"
        words = ("release", "verify", package, "--json", *more)
        self.said[step] = self.sponsor.go(*words, code=code, project=False)

    def go(self) -> None:
        said, sponsor = self.said, self.sponsor
        north = ("north", self.packages["north"], self.keys["north"], "--split", "train")
        before = tree(sponsor.project)
        said["dry"] = sponsor.join(*north, "--dry-run")
        said["unwritten"] = {name for name in tree(sponsor.project).keys() ^ before if not name.startswith("runs/")}
        said["wrong key"] = sponsor.join("north", self.packages["north"], self.keys["south"], code=4)
        said["nothing stays"] = list((sponsor.project / "sites").iterdir())
        said["nothing joined"] = sponsor.go("release", "build", "1.0.0", "--draft", "--json", code=2, vault=True)
        said["join"] = sponsor.join(*north)
        said["south"] = sponsor.join("south", self.packages["south"], self.keys["south"], "--split", "test")
        said["again"] = sponsor.join(*north)
        said["scrub"] = sponsor.go("scrub", self.sites["north"].folder / "export", "--json", code=2, vault=True)
        said["withdraw"] = sponsor.go(
            "release", "withdraw", "P", "--effective", "2026-05-20", "--by", "rita", "--json", code=2, key=True
        )
        said["vault"] = sponsor.go(
            "audit", "run", sponsor.project, "--vault", "--json", code=2, vault=True, project=False
        )
        key = self.operator = sponsor.operator_key()
        said["audit refused"] = sponsor.audit(code=1, vault=False)
        sponsor.waive(*[one for one in WAIVED if one != "labels/agreement"], "labels/independence")
        said["audit"] = sponsor.audit(vault=False)
        self.build("no texts", "1.0.0", code=1)
        sponsor.answer()
        said["requirements"] = sponsor.go("release", "requirements", "--json")
        self.build("dry build", "1.0.0", "--dry-run")
        self.build("build", "1.0.0")
        self.verify("verify", "1.0.0", "--key", key, *self.site_keys)
        self.verify("untied", "1.0.0", code=3)
        self.verify("stranger", "1.0.0", "--key", key, "--site-key", f"west={self.keys['north']}", code=2)
        self.verify("other key", "1.0.0", "--key", key, "--site-key", f"north={self.keys['south']}", code=4)
        self.outside = self.folder / "outside"
        shutil.copytree(sponsor.project / "releases/v1.0.0", self.outside)
        words = ("audit", "run", self.outside, "--key", key, "--workers", "1", "--json")
        said["outsider"] = sponsor.go(*words, project=False)
        words = ("audit", "run", self.outside, "--only", "integrity", "--workers", "1", "--json")
        said["keyless"] = sponsor.go(*words, project=False, code=3)
        self.later(key)

    def later(self, key: Path) -> None:
        """A patient of the first site withdraws; its next version replaces the joined one."""
        said, sponsor, site = self.said, self.sponsor, self.sites["north"]
        sponsor.go("release", "sent", "1.0.0", "--to", "Device Maker Inc", "--by", "rita", key=True)
        (self.gone,) = (path.split("/")[1] for path in site.samples("13.0"))
        site.go("release", "withdraw", self.gone, "--effective", "2026-05-20", "--by", "rita", "--json", key=True)
        (site.folder / "why.toml").write_text('[groups]\n"removed class rule@1.0" = "consent was withdrawn"\n')
        package = site.release("2.0.0", "--reasons", "why.toml")
        words = ("north", package, self.keys["north"], "--split", "train")
        said["no reason"] = sponsor.join(*words, code=2)
        said["replaced"] = sponsor.join(*words, "--reason", "a patient withdrew")
        self.build("old audit", "2.0.0", code=1)
        sponsor.audit(vault=False)
        said["plan"] = sponsor.go("release", "plan", "2.0.0", "--json")
        self.build("too small", "1.1.0", code=2)
        self.build("build 2", "2.0.0")
        self.verify("verify 2", "2.0.0", "--key", key, "--extends", self.outside, *self.site_keys)
        said["diff"] = sponsor.go("release", "diff", "1.0.0", "2.0.0", "--json")
        said["list"] = sponsor.go("release", "list", "--json")
        said["log"] = sponsor.go("ledger", "log", "--json")


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory, hospitals: Hospitals) -> Iterator[Way]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        made = Way(tmp_path_factory.mktemp("joined"), hospitals)
        made.go()
        yield made


def code_of(said: Any) -> str:
    return str(said.json["error"]["code"])


def check_of(said: Any, name: str) -> dict[str, Any]:
    return next(one for one in said.json["checks"] if one["id"] == name)


def test_a_join_says_what_was_verified_and_a_dry_run_writes_nothing(way: Way) -> None:
    dry, done = way.said["dry"].json, way.said["join"].json
    assert violation("release-join-report", done) is None
    assert way.said["unwritten"] == set()
    assert (dry["dry_run"], dry["record"], done["dry_run"], done["record"]) == (True, None, False, 3)
    assert dry["package"] == done["package"]
    told = [(one["check"], one["outcome"], one["signer"]) for one in done["attested"]]
    others = [(f"privacy/{name}", "NOT_APPLICABLE", "rita") for name in ("pixel-risk", "canaries")]
    assert told == [(CLOSED, "PASS", "rita"), *others]
    assert done["package"]["version"] == "1.0.0"
    assert done["waived"] == ["integrity/training", "labels/independence", "labels/qualified"]
    assert way.said["south"].json["sites"] == 2
    again = way.said["again"].json
    assert (again["already"], again["record"]) == (True, 3)


def test_a_package_with_another_key_is_refused_and_none_of_it_stays(way: Way) -> None:
    assert code_of(way.said["wrong key"]) == "REL-031"
    assert way.said["nothing stays"] == []
    assert code_of(way.said["nothing joined"]) == "SIT-020"


def test_a_project_without_a_vault_scrubs_nothing_and_opens_none(way: Way) -> None:
    for step in ("scrub", "withdraw", "vault"):
        assert code_of(way.said[step]) == "SIT-001", step
    assert not list((way.sponsor.project / "clean").iterdir())
    assert "no_vault = true" in (way.sponsor.project / "curator.toml").read_text()


def test_what_needs_a_vault_is_attested_by_site_person_and_time(way: Way) -> None:
    for step in ("audit", "outsider"):
        said = way.said[step]
        found = check_of(said, CLOSED)
        assert found["outcome"] == "ATTESTED"
        rows = {row["joined site"]: row for row in found["tables"]["attested"]}
        assert set(rows) == {"north", "south"}
        assert (rows["north"]["signer"], rows["north"]["printedName"]) == ("rita", "Dr Rita")
        assert rows["north"]["at"] in found["summary"]
        assert "vault" not in said.json["subject"]["at_hand"]
        assert said.json["gate"]["outcome"] == "PASS"
    assert not check_of(way.said["audit refused"], CLOSED)["code"]


def test_an_outsider_without_the_sponsors_key_could_not_check(way: Way) -> None:
    assert "integrity/manifest" in way.said["keyless"].json["gate"]["unsure"]
    assert set(check_of(way.said["outsider"], "integrity/manifest")["figures"]) == {"north", "south", "sponsor"}


def test_all_else_runs_on_all_sites_together_or_on_each(way: Way) -> None:
    said = way.said["audit"]
    (row,) = check_of(said, "labels/agreement")["tables"]["agreement by kind of label"]
    assert (row["readers"], row["units"]) == (4, 6)
    assert check_of(said, "labels/agreement")["outcome"] == "PASS"
    assert check_of(said, "splits/site-overlap")["figures"]["sites"] == 2
    assert check_of(said, "splits/immutable")["outcome"] == "PASS"
    values = {row["value"] for row in check_of(said, "representation/site")["tables"]["site"] if row["cases"]}
    assert values == {"north", "south"}
    assert set(check_of(said, "privacy/blind-text")["figures"]) == {"north", "south"}
    assert set(check_of(said, "integrity/ledger")["figures"]) == {"north", "south", "sponsor"}
    refused = check_of(way.said["audit refused"], "integrity/training")
    assert refused["outcome"] == "FAIL"
    assert {one["where"].split(":")[0] for one in refused["findings"]} == {"north", "south"}


def test_a_joined_package_needs_what_any_final_one_needs_and_verifies_offline(way: Way) -> None:
    assert code_of(way.said["no texts"]) == "SUB-011"
    assert way.said["dry build"].json["samples"] == way.said["build"].json["samples"] == 6
    said = way.said["verify"].json
    assert said["verified"] is True
    assert [(one["site"], one["tied_to_key"], one["split"]) for one in said["sites"]] == [
        ("north", True, "train"), ("south", True, "test"),
    ]  # fmt: skip
    assert [one["tied_to_key"] for one in way.said["untied"].json["sites"]] == [False, False]
    assert code_of(way.said["stranger"]) == "SIT-018"
    assert code_of(way.said["other key"]) == "SIT-010"
    for name, package in way.packages.items():
        assert tree(way.outside / "data/sites" / name) == tree(package)


def test_a_joined_package_reports_its_sites_and_what_guidance_asks(way: Way) -> None:
    page = (way.outside / "data/documents/joined-sites.html").read_text()
    for word in ("north-trial 1.0.0", "south-trial 1.0.0", "Dr Rita (rita)", CLOSED, "DM-04", "of made-up data"):
        assert word in page
    (pdf,) = (way.outside / "data/ecopy").rglob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    items = {one["id"]: one for one in way.said["requirements"].json["requirements"]}
    assert len(items) == 94
    assert {one["text"].split(":")[0] for one in items["DM-08"]["evidence"]} == {"north", "south"}
    assert items["DM-08"]["evidence"][0]["source"].startswith("data/sites/north/")
    assert items["DM-04"]["answer"]["signer"] == "rita"
    shown = [one["text"] for item in items.values() for one in item["evidence"]]
    assert "All sites' patients by split: 3 test, 3 train; 0 in none." in shown
    assert any(text.startswith("all sites: splits/site-overlap: PASS") for text in shown)


def test_a_withdrawn_patient_is_gone_with_the_sites_next_version(way: Way) -> None:
    assert code_of(way.said["no reason"]) == "SIT-013"
    said = way.said["replaced"].json
    assert violation("release-join-report", said) is None
    assert (said["replaces"], said["changes"]["samples"]["removed"], said["takenBack"]) == ("1.0.0", 1, 1)
    assert said["versions"] == [{"version": "1.0.0", "holds": True, "recipients": ["Device Maker Inc"]}]
    assert code_of(way.said["old audit"]) == "REL-057"
    assert way.said["plan"].json["lacking"] == []
    assert code_of(way.said["too small"]) == "REL-052"
    assert way.said["verify 2"].json["samples"] == 5
    assert way.said["verify 2"].json["extends"]["version"] == "1.0.0"
    cases = way.said["diff"].json["cases"]
    assert [(one["case"], one["change"]) for one in cases] == [(f"north_{way.gone}", "removed")]
    built = way.sponsor.project / "releases/v2.0.0"
    for place in (built, way.sponsor.project / "sites"):
        names = "\n".join(str(path) for path in place.rglob("*"))
        assert f"/{way.gone}/" not in names
    (case,) = json.loads((built / "data/version/changelog.json").read_bytes())["cases"]
    assert case["record"]
    assert "a patient withdrew" in case["reason"]
    assert [one["version"] for one in way.said["list"].json["versions"]] == ["1.0.0", "2.0.0"]


def test_no_identifier_of_any_site_stands_in_what_the_sponsor_has_or_was_told(way: Way) -> None:
    said = "\n".join(one.out + one.err for one in way.sponsor.said)
    places = [way.outside, way.sponsor.project]
    data = [path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()]
    names = [str(path) for place in places for path in place.rglob("*")]
    for family, number in (one for people in PEOPLE.values() for one in people):
        for word in (family, number, number[3:]):
            for form in (word, word.lower(), word.upper()):
                assert form not in said
                assert not any(form.encode() in one for one in data)
                assert not any(form in name for name in names)
    assert any(b"hemoglobin 13.2" in one for one in data)
