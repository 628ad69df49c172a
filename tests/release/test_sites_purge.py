"""A site that left is purged from what was released: its bytes are gone, and everything else still verifies."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sites_support as support

from curator.audit.joined.subject import JoinedSubject
from curator.audit.subject import Means
from curator.core.canonical import canonical_bytes, strict_loads
from curator.core.errors import CuratorError
from curator.provenance.dsse import open_envelope, sign_envelope
from curator.provenance.keys import SeedSigner, key_id
from curator.provenance.verify import verify_ledger
from curator.release import layout
from curator.release.diff import compare, read_lists
from curator.release.diff_reasons import Reasons
from curator.release.purge_project import Orders
from curator.release.sites.join import sweep
from curator.release.sites.leave import leaving
from curator.release.sites.purge import DoneSites, carry_out_sites, order_site
from curator.release.verify import report_lines, verify_package

GROUPS = ("removed cases", "added cases", "removed finding nodules@1.0", "added finding nodules@1.0")
REASONS = Reasons({}, dict.fromkeys(GROUPS, "the site left, or came back"))


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(CuratorError) as caught:
        call()
    assert caught.value.hint
    return str(caught.value.code)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    support.cheap(monkeypatch)


@pytest.fixture
def world(joined: Any, tmp_path: Path) -> Any:
    return joined.copy(tmp_path)


def leave(sponsor: Any, site: str, minutes: int) -> None:
    planned = leaving(sponsor.project, support.state_of(sponsor.project), site, "it withdrew", sponsor.fine)
    support.signed(sponsor, [planned.draft], minutes)
    sweep(sponsor.project, support.state_of(sponsor.project))


def order(sponsor: Any, site: str) -> list[Any]:
    state = support.state_of(sponsor.project)
    return order_site(sponsor.project, state, site, "the site wants its data gone", sponsor.fine)


def carried(sponsor: Any) -> DoneSites:
    seen = Orders()
    state = verify_ledger(sponsor.project.ledger, visit=seen.visit).require().state
    return carry_out_sites(sponsor.project, state, seen, SeedSigner(sponsor.vault.operator_key()))


def purged(sponsor: Any, site: str, minutes: int) -> DoneSites:
    support.signed(sponsor, order(sponsor, site), minutes)
    return carried(sponsor)


def holding(root: Path, contents: set[bytes]) -> list[Path]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return [path for path in files if any(one in path.read_bytes() for one in contents)]


def test_a_site_goes_for_good_and_everything_else_still_verifies(world: Any) -> None:
    sponsor, built, site = world.sponsor, world.built, world.sites["south"]
    contents = {(site.project.root / one.path).read_bytes() for one in site.samples()}
    south = built / layout.SITES / "south"
    contents |= {line for line in (south / layout.RECORDS).read_bytes().splitlines() if len(line) > 80}
    shared = {path.read_bytes() for path in (built / layout.SITES / "north").rglob("*") if path.is_file()}
    assert not contents & shared
    before = (built / "manifest-sha256.txt").read_bytes()
    assert code(lambda: order(sponsor, "south")) == "SIT-030"
    assert code(lambda: order(sponsor, "west")) == "SIT-026"
    leave(sponsor, "south", 90)
    assert len(holding(sponsor.project.root, contents)) == 10
    done = purged(sponsor, "south", 95)
    assert done.packages == 1
    assert not holding(sponsor.project.root, contents)
    assert not south.exists()
    assert holding(built, {(world.sites["north"].project.root / world.sites["north"].samples()[0].path).read_bytes()})
    report = verify_package(built, key=sponsor.key, site_keys=world.keys())
    assert report.contents.gone_sites == ("south",)
    assert [one.site for one in report.contents.sites or ()] == ["north"]
    assert (report.purged_files, report.samples, report.labels) == (done.files, 8, 12)
    told = "\n".join(report_lines(report))
    assert "site south: purged by signed order" in told
    assert "the package is not whole" in told
    assert (built / "manifest-sha256.txt").read_bytes() == before
    assert code(lambda: order(sponsor, "south")) == "REL-064"
    assert carried(sponsor) == done
    # The next version goes on from what is left of this one.
    sponsor.audited(100)
    new = sponsor.build("2.0.0", reasons=REASONS)
    assert verify_package(new, key=sponsor.key).purged_files == 0
    assert compare(read_lists(built), read_lists(new)).samples["removed"] == 4


def test_when_every_site_is_gone_the_package_still_verifies_and_cannot_be_audited(world: Any) -> None:
    for at, name in enumerate(("south", "north")):
        leave(world.sponsor, name, 90 + at)
        purged(world.sponsor, name, 95 + at)
    report = verify_package(world.built, key=world.sponsor.key)
    assert (report.contents.gone_sites, report.contents.sites) == (("north", "south"), ())
    assert (report.samples, report.labels) == (8, 12)
    assert code(lambda: JoinedSubject(Means({}), None, report, world.built)) == "SIT-031"


def test_a_purge_that_was_stopped_is_finished(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(world.sponsor, "south", 90)
    support.signed(world.sponsor, order(world.sponsor, "south"), 95)
    with monkeypatch.context() as patch:

        def stopped(folder: Path, paths: Any) -> None:
            for path in list(paths)[::2]:
                (folder / path).unlink()
            raise KeyboardInterrupt

        patch.setattr("curator.release.sites.purge.remove", stopped)
        with pytest.raises(KeyboardInterrupt):
            carried(world.sponsor)
    assert code(lambda: verify_package(world.built, key=world.sponsor.key)) == "REL-062"
    carried(world.sponsor)
    assert verify_package(world.built, key=world.sponsor.key).contents.gone_sites == ("south",)


def test_a_site_that_came_back_is_not_taken_by_the_order_of_before(world: Any, tmp_path: Path) -> None:
    sponsor, site = world.sponsor, world.sites["south"]
    leave(sponsor, "south", 90)
    purged(sponsor, "south", 95)
    support.audited(site, 96)
    package = support.final(site, "1.0.1")
    sponsor.join(support.asked(site, package, split="test", reason="it came back"), 100)
    sponsor.audited(101)
    new = sponsor.build("2.0.0", reasons=REASONS)
    carried(sponsor)
    assert verify_package(new, key=sponsor.key).purged_files == 0
    leave(sponsor, "south", 102)
    assert purged(sponsor, "south", 103).packages == 2
    assert verify_package(new, key=sponsor.key).contents.gone_sites == ("south",)


def _signed_list(built: Path, sponsor: Any, change: Callable[[dict[str, Any]], None]) -> None:
    """Write the list anew as a dishonest holder of the operator's key would."""
    signer = SeedSigner(sponsor.vault.operator_key())
    public = bytes(signer.public)
    said = strict_loads(open_envelope((built / layout.PURGE).read_bytes(), {key_id(public): public}).payload)
    change(said["predicate"])
    (built / layout.PURGE).write_bytes(sign_envelope(canonical_bytes(said), [signer]))


def test_not_even_the_sponsors_operator_takes_half_a_site_or_changes_what_is_listed(world: Any, tmp_path: Path) -> None:
    sponsor = world.sponsor
    whole = tmp_path / "whole"
    shutil.copytree(world.built, whole)
    leave(sponsor, "south", 90)
    purged(sponsor, "south", 95)

    def kept(path: str) -> Callable[[Path], None]:
        def change(to: Path) -> None:
            def drop(said: dict[str, Any]) -> None:
                said["files"] = [one for one in said["files"] if one["path"] != path]

            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(whole / path, to / path)
            _signed_list(to, sponsor, drop)

        return change

    def another(to: Path) -> None:
        path = f"{layout.SITES}north/README.txt" if (to / layout.SITES / "north/README.txt").exists() else None
        path = path or f"{layout.SITES}north/bagit.txt"
        (to / path).unlink()
        _signed_list(to, sponsor, lambda said: said["files"].append({"path": path, "sha256": "0" * 64, "bytes": 1}))

    def relabeled(to: Path) -> None:
        """Give a label of the site that is there away, too."""
        from hashlib import sha256

        lines = (to / layout.LABELS).read_bytes().splitlines(keepends=True)
        said = json.loads(lines[0])
        lines[0] = canonical_bytes({"index": said["index"], "leaf": said["leaf"], "purged": True}) + b"\n"
        (to / layout.LABELS).write_bytes(b"".join(lines))

        def now(said: dict[str, Any]) -> None:
            said["rewritten"][0]["now"] = sha256(b"".join(lines)).hexdigest()

        _signed_list(to, sponsor, now)

    sample = next(
        path.relative_to(whole).as_posix() for path in sorted((whole / layout.SITES / "south").rglob("*.dcm"))
    )
    for number, (change, wanted) in enumerate(
        (
            (kept(sample), "REL-061"),
            (kept(layout.AUDIT + next(iter((whole / layout.AUDIT).iterdir())).name), "REL-061"),
            (another, "REL-061"),
            (relabeled, "REL-028"),
            (lambda to: (to / layout.PURGE).unlink(), "REL-022"),
            (lambda to: shutil.copy(whole / sample, _made(to / sample)), "REL-062"),
        )
    ):
        to = tmp_path / f"t{number}"
        shutil.copytree(world.built, to)
        change(to)
        assert code(lambda to=to: verify_package(to, key=sponsor.key)) == wanted, number


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
