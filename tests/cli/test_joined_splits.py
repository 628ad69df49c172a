"""A sponsor splits the patients of joined sites, seals, uses, and a site leaves; all by the commands, no vault there.

Of the hospitals the south gets a further version here.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sites_world import WAIVED, Hospitals, Sponsor, cheap, tree

from curator.core.schema import violation

FRACTIONS = "train=50,test=50"


class Way:
    """What was made, and what each step said."""

    def __init__(self, folder: Path, hospitals: Hospitals) -> None:
        self.folder = folder
        self.sites, self.packages, self.keys = hospitals.sites, hospitals.packages, hospitals.keys
        self.sponsor = Sponsor(folder / "sponsor")
        self.key = self.sponsor.operator_key()
        self.said: dict[str, Any] = {}

    def split(self, *more: object, code: int = 0) -> Any:
        words = ("release", "split", "--fractions", FRACTIONS, "--signed-by", "rita", "--json", *more)
        return self.sponsor.go(*words, code=code, key=True, vault=True)

    def signed(self, *words: object, code: int = 0) -> Any:
        return self.sponsor.go("release", *words, "--by", "rita", "--json", code=code, key=True)

    def build(self, version: str, *more: object, code: int = 0) -> Any:
        return self.sponsor.go("release", "build", version, "--json", *more, code=code, vault=True)

    def verify(self, package: Path, *more: object, code: int = 0) -> Any:
        keys = [word for name, path in self.keys.items() for word in ("--site-key", f"{name}={path}")]
        words = ("release", "verify", package, "--key", self.key, "--json", *(more or keys))
        return self.sponsor.go(*words, code=code, project=False)

    @property
    def releases(self) -> Path:
        return self.sponsor.project / "releases"

    def go(self) -> None:
        said, sponsor = self.said, self.sponsor
        said["no site"] = self.split(code=2)
        sponsor.join("north", self.packages["north"], self.keys["north"])
        sponsor.join("south", self.packages["south"], self.keys["south"])
        said["nobody signs"] = sponsor.go("release", "split", "--json", code=2, vault=True)
        before = tree(sponsor.project)
        said["dry"] = self.split("--dry-run")
        said["unwritten"] = {name for name in tree(sponsor.project).keys() ^ before if not name.startswith("runs/")}
        said["split"] = self.split()
        said["again"] = self.split()
        said["by site now"] = self.split("--by", "site", code=2)
        said["seal"] = self.signed("seal", "test", "--reason", "held back")
        said["sealed twice"] = self.signed("seal", "test", "--reason", "held back", code=2)
        self.lab = self.folder / "lab"
        said["access"] = self.signed("access", "test", "--who", "lab-2", "--purpose", "model 1", "--output", self.lab)
        sponsor.waive(*WAIVED, "labels/independence")
        said["audit"] = sponsor.audit(vault=False)
        sponsor.answer()
        said["build"] = self.build("1.0.0")
        said["verify"] = self.verify(self.releases / "v1.0.0")
        self.outside = self.folder / "outside"
        shutil.copytree(self.releases / "v1.0.0", self.outside)
        said["outsider"] = sponsor.go(
            "audit", "run", self.outside, "--key", self.key, "--workers", "1", "--json", project=False
        )
        self.leave()

    def leave(self) -> None:
        """South leaves, and comes back later."""
        said, sponsor = self.said, self.sponsor
        sponsor.go("release", "sent", "1.0.0", "--to", "Device Maker Inc", "--by", "rita", key=True)
        said["unknown"] = self.signed("leave", "west", "--reason", "it withdrew", code=2)
        said["identifier"] = self.signed("leave", "south", "--reason", "Dr Ada Quillfeather said so", code=2)
        before = tree(sponsor.project)
        said["would leave"] = self.signed("leave", "south", "--reason", "the site withdrew", "--dry-run")
        said["unmoved"] = {name for name in tree(sponsor.project).keys() ^ before if not name.startswith("runs/")}
        said["leave"] = self.signed("leave", "south", "--reason", "the site withdrew")
        said["left twice"] = self.signed("leave", "south", "--reason", "the site withdrew")
        said["old audit"] = self.build("2.0.0", code=1)
        said["audit 2"] = sponsor.audit(vault=False)
        said["plan"] = sponsor.go("release", "plan", "2.0.0", "--json")
        said["too small"] = self.build("1.1.0", code=2)
        said["build 2"] = self.build("2.0.0")
        package = self.releases / "v2.0.0"
        told = sponsor("release", "verify", package, "--key", self.key, project=False)
        said["told"] = told.out
        north = ("--site-key", f"north={self.keys['north']}", "--extends", self.outside)
        said["verify 2"] = self.verify(package, *north)
        first = tree(package)
        shutil.rmtree(package)
        said["rebuilt"] = self.build("2.0.0")
        said["same bytes"] = tree(package) == first
        said["diff"] = sponsor.go("release", "diff", "1.0.0", "2.0.0", "--json")
        again = ("south", self.packages["south"], self.keys["south"], "--reason", "it came back")
        said["same version again"] = sponsor.join(*again, code=1)
        words = ("release", "rollback", "1.0.0", "3.0.0", "--dry-run", "--json")
        said["rollback"] = sponsor.go(*words, code=2, vault=True)
        said["other id"] = sponsor.join("west", *again[1:], code=1)
        self.purge()
        self.come_back()

    def purge(self) -> None:
        """What is left of south in the first version goes for good."""
        said, sponsor = self.said, self.sponsor
        self.bytes_before = south_bytes(sponsor.project)
        words = ("release", "purge", "--reason", "the site wants its data gone", "--by", "rita")
        said["purge of a joined site"] = sponsor.go(*words, "--site", "north", "--json", code=2, key=True, vault=True)
        said["two purges"] = sponsor.go(*words, "--site", "south", "--recalled", "--json", code=2, key=True, vault=True)
        before = tree(sponsor.project)
        said["would purge"] = sponsor.go(*words, "--site", "south", "--dry-run", "--json", key=True, vault=True)
        said["unpurged"] = {name for name in tree(sponsor.project).keys() ^ before if not name.startswith("runs/")}
        said["purge"] = sponsor.go(*words, "--site", "south", "--json", key=True, vault=True)
        said["purge again"] = sponsor.go(*words, "--site", "south", "--json", code=2, key=True, vault=True)
        said["resume"] = sponsor.go("release", "purge", "--resume", "--by", "rita", "--json", key=True, vault=True)
        self.bytes_after = south_bytes(sponsor.project, self.bytes_before)
        first = self.releases / "v1.0.0"
        said["verify purged"] = self.verify(first)
        said["verify 2 again"] = self.verify(self.releases / "v2.0.0", "--site-key", f"north={self.keys['north']}")
        said["told purged"] = sponsor("release", "verify", first, "--key", self.key, project=False).out
        words = ("audit", "run", first, "--key", self.key, "--workers", "1", "--json")
        said["audit purged"] = sponsor(*words, project=False)
        said["list"] = sponsor.go("release", "list", "--json")
        sponsor.go("release", "diff", "1.0.0", "2.0.0", "--json")
        sponsor.go("ledger", "verify")

    def come_back(self) -> None:
        said, sponsor, site = self.said, self.sponsor, self.sites["south"]
        (gone,) = (path.split("/")[1] for path in site.samples("13.0"))
        site.go("release", "withdraw", gone, "--effective", "2026-05-20", "--by", "rita", "--json", key=True)
        (site.folder / "why.toml").write_text('[groups]\n"removed class rule@1.0" = "consent was withdrawn"\n')
        package = site.release("2.0.0", "--reasons", "why.toml")
        words = ("south", package, self.keys["south"])
        said["no reason"] = sponsor.join(*words, code=2)
        said["back"] = sponsor.join(*words, "--reason", "it came back")
        said["split 3"] = self.split()
        sponsor.audit(vault=False)
        said["build 3"] = self.build("3.0.0")
        said["verify 3"] = self.verify(self.releases / "v3.0.0")


def south_bytes(root: Path, wanted: frozenset[bytes] | None = None) -> frozenset[bytes]:
    """Return the bytes of south's samples in the first version; or which of some stand anywhere below a folder."""
    files = [path for path in root.rglob("*") if path.is_file()]
    if wanted is None:
        return frozenset(path.read_bytes() for path in files if "v1.0.0/data/sites/south/data/clean/" in str(path))
    data = b"\n".join(path.read_bytes() for path in files)
    return frozenset(one for one in wanted if one in data)


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory, hospitals: Hospitals) -> Iterator[Way]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        made = Way(tmp_path_factory.mktemp("split"), hospitals)
        made.go()
        yield made


def code_of(said: Any) -> str:
    return str(said.json["error"]["code"])


def table(package: Path) -> Any:
    return json.loads((package / "data/splits/assignments.json").read_bytes())


def test_a_draw_over_all_sites_is_signed_once_and_a_dry_run_writes_nothing(way: Way) -> None:
    assert code_of(way.said["no site"]) == "SIT-020"
    assert code_of(way.said["nobody signs"]) == "SIT-024"
    assert way.said["unwritten"] == set()
    dry, done, again = (way.said[name].json for name in ("dry", "split", "again"))
    assert dry["patients"] == done["patients"] == again["patients"]
    assert sum(done["patients"].values()) == 6
    assert min(done["patients"].values()) > 1
    assert sum(done["new"].values()) == 6
    assert sum(again["new"].values()) == 0
    assert code_of(way.said["by site now"]) == "SPL-004"
    records = [one["kind"] for one in way.sponsor.go("ledger", "log", "--json").json["records"]]
    assert records.count("split assigned") == 1


def test_a_seal_lists_the_split_over_all_sites_and_files_are_handed_out_on_record(way: Way) -> None:
    assert way.said["seal"].json["samples"] == way.said["split"].json["patients"]["test"]
    assert code_of(way.said["sealed twice"]) == "LED-082"
    handed = [path for path in way.lab.rglob("*") if path.is_file()]
    listed = (way.outside / "data/splits/sealed/test.txt").read_text().split()
    assert sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in handed) == listed
    by_case = {path.relative_to(way.lab).parts[0] for path in handed}
    assert by_case == {name for name, split in table(way.outside)["assignments"].items() if split == "test"}


def test_the_package_alone_shows_the_splits_and_the_seal(way: Way) -> None:
    assert way.said["verify"].json["verified"] is True
    said = json.loads((way.outside / "data/manifest.json").read_bytes())
    assert said["format"] == 3
    assert set(said["splits"]["sealed"]) == {"test"}
    page = (way.outside / "data/documents/joined-sites.html").read_text()
    assert "Splits over all sites" in page
    assert "Sealed splits" in page
    left = (way.releases / "v2.0.0/data/documents/joined-sites.html").read_text()
    assert "the site withdrew" in left
    made = table(way.outside)
    assert made["settings"]["fractions"] == [["train", 50], ["test", 50]]
    assert {one["site"] for one in made["strata"].values()} == {"north", "south"}
    checks = {one["id"]: one for one in way.said["outsider"].json["checks"]}
    assert checks["splits/sealed-before-access"]["outcome"] == "PASS"
    assert checks["splits/sealed-members"]["outcome"] == "PASS"
    (row,) = checks["splits/uses"]["tables"]["uses of the test split"]
    assert (row["joined site"], row["accessor"]) == ("sponsor", "lab-2")


def test_a_site_leaves_with_a_reason_and_the_next_version_says_so(way: Way) -> None:
    assert code_of(way.said["unknown"]) == "SIT-026"
    assert code_of(way.said["identifier"]) == "LED-070"
    assert way.said["unmoved"] == set()
    said = way.said["leave"].json
    assert violation("release-leave-report", said) is None
    assert said["changes"]["cases"] == {"added": 0, "removed": 3, "changed": 0}
    assert said["versions"] == [{"version": "1.0.0", "holds": True, "recipients": ["Device Maker Inc"]}]
    assert way.said["left twice"].json["already"] is True
    assert code_of(way.said["old audit"]) == "REL-057"
    assert code_of(way.said["too small"]) == "REL-052"
    assert way.said["plan"].json["lacking"] == []
    change = json.loads((way.releases / "v2.0.0/data/version/changelog.json").read_bytes())
    assert {one["case"].split("_")[0] for one in change["cases"]} == {"south"}
    assert {one["record"] for one in change["cases"]} != {None}
    assert all("the site withdrew" in one["reason"] for one in (*change["cases"], *change["labels"]))


def test_what_stays_stays_in_its_split_and_of_who_left_two_hashes_are_left(way: Way) -> None:
    package = way.releases / "v2.0.0"
    assert way.said["verify 2"].json["samples"] == 3
    assert way.said["verify 2"].json["extends"]["version"] == "1.0.0"
    assert way.said["same bytes"] is True
    assert "nobody was moved" in way.said["told"]
    assert "site south left after version 1.0.0: the site withdrew" in way.said["told"]
    old, new = table(way.outside)["assignments"], table(package)["assignments"]
    assert new == {name: split for name, split in old.items() if name.startswith("north_")}
    left = [name for name in old if name.startswith("south_")]
    data = b"\n".join(path.read_bytes() for path in package.rglob("*") if path.is_file())
    for name in left:
        assert name.removeprefix("south_").encode() not in data.replace(b"data/version/changelog.json", b"") or (
            name in (package / "data/version/changelog.json").read_text()
        )
        assert hashlib.sha256(name.encode()).hexdigest().encode() in data
    assert not (package / "data/sites/south").exists()


def test_what_was_released_of_a_site_that_left_is_purged_and_all_else_verifies(way: Way) -> None:
    assert code_of(way.said["purge of a joined site"]) == "SIT-030"
    assert code_of(way.said["two purges"]) == "REL-073"
    assert (way.said["would purge"].json["samples"], way.said["unpurged"]) == (3, set())
    said = way.said["purge"].json
    assert (said["samples"], said["done"]["packages"]) == (3, 1)
    assert said["versions"][0] == {"version": "1.0.0", "holds": True, "recipients": ["Device Maker Inc"]}
    assert code_of(way.said["purge again"]) == "REL-064"
    assert way.said["resume"].json["done"] == said["done"]
    assert len(way.bytes_before) == 3
    assert way.bytes_after == frozenset()
    purged = way.said["verify purged"].json
    assert purged["purged"] == {"files": said["done"]["files"], "records": 0}
    assert purged["purged_sites"] == ["south"]
    assert [one["site"] for one in purged["sites"]] == ["north"]
    assert way.said["verify 2 again"].json["purged_sites"] == []
    assert "site south: purged by signed order" in way.said["told purged"]
    checks = {one["id"]: one for one in way.said["audit purged"].json["checks"]}
    assert checks["integrity/manifest"]["outcome"] == "PASS"
    assert "were purged by signed order" in json.dumps(checks["integrity/manifest"])
    states = {one["version"]: one["state"] for one in way.said["list"].json["versions"]}
    assert "purged in part" in states["1.0.0"]
    assert "purged" not in states["2.0.0"]


def test_a_site_comes_back_only_with_a_later_version_under_its_own_id(way: Way) -> None:
    assert code_of(way.said["same version again"]) == "SIT-009"
    assert code_of(way.said["other id"]) == "SIT-017"
    assert code_of(way.said["rollback"]) == "SIT-029"
    assert code_of(way.said["no reason"]) == "SIT-013"
    assert way.said["back"].json["replaces"] == "1.0.0"
    assert way.said["verify 3"].json["samples"] == 5
    old, new = table(way.outside)["assignments"], table(way.releases / "v3.0.0")["assignments"]
    assert all(old[name] == split for name, split in new.items())
    assert len(new) == 5
