"""Two made-up hospitals with a final package each, and a sponsor's project that joins them, all by the commands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from people_site import Result, Site

#: Of each hospital: names and numbers of its patients, none of which may stand in anything that the sponsor has.
#: The numbers are long enough that no UID or digest holds one of them by chance.
PEOPLE = {
    "north": (("Quillfeather", "MR-8812015537"), ("Brandywine", "MR-8812025537"), ("Zephyrine", "MR-8812035537")),
    "south": (("Marchbanks", "SX-4409115537"), ("Ravenscroft", "SX-4409125537"), ("Otilia", "SX-4409135537")),
}
#: What a small hospital does not have, and says so by waivers.
WAIVED = ("integrity/training", "labels/qualified", "labels/agreement")
GUIDELINE = "Say whether the note is normal.\n"


class Here:
    """An engine that works in this process, which saves the start of another one."""

    def run(self, task: Any, shards: Any, *, commit: Any, advance: Any, largest: int = 0, within: Any = None) -> Any:
        task.open()
        for shard in shards:
            rows = [task.item(item) for item in shard.items]
            commit(shard, task.store(shard, rows))
            advance(len(shard.items))
        return SimpleNamespace()


class World(Site):
    """A project with two people who sign; every step must end as it is told to."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder)
        (folder / "pass").write_text("the vault's passphrase\n")
        (folder / "key").write_text("a key's passphrase\n")
        self.said: list[Result] = []

    def go(self, *words: object, code: int = 0, **how: bool) -> Result:
        done = self(*words, **how)
        assert done.code == code, (words, done.code, done.out[-3000:], done.err[-3000:])
        self.said.append(done)
        return done

    def enroll(self) -> None:
        for name in ("ada", "rita"):
            roles = ("--role", "reader", "--role", "reviewer")
            self.go("people", "add", name, "--name", f"Dr {name.title()}", *roles, key=True, project=False)
        self.go("people", "enroll", "rita.request.json", "--by", "ada", key=True)
        self.go("people", "enroll", "ada.request.json", "--by", "rita", key=True)

    def waive(self, *checks: str) -> None:
        until = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
        for check in checks:
            why = ("--reason", "known, and on paper", "--until", until)
            self.go("audit", "waive", check, *why, "--by", "rita", "--json", key=True)

    def audit(self, *more: object, code: int = 0, vault: bool = True) -> Result:
        words = ("audit", "run", self.project, "--by", "rita", "--workers", "1", "--json", *(("--vault",) * vault))
        return self.go(*words, *more, code=code, key=True, vault=vault, project=False)

    def answer(self) -> None:
        """Answer every requirement that waits for a person's text."""
        from curator.release.requirements.table import answerable

        texts = self.folder / "texts"
        texts.mkdir(exist_ok=True)
        for item in answerable():
            if item.needs_text:
                (texts / f"{item.id}.txt").write_text("Nothing is to be said of made-up data.\n")
        self.go("release", "requirements", "answer", "--folder", texts, "--by", "rita", "--json", key=True)

    def operator_key(self) -> Path:
        """Write the operator's public key into a file, as one gives it to others."""
        path = self.folder / "operator.vkey"
        path.write_text(self.go("ledger", "head", "--json").json["operatorVerifierKey"] + "\n")
        return path


class Hospital(World):
    """A hospital with three patients' notes, scrubbed, labeled by two readers, audited and released."""

    def __init__(self, folder: Path, name: str, guideline: str = GUIDELINE) -> None:
        super().__init__(folder)
        self.name = name
        (folder / "rule.txt").write_text(guideline)
        (folder / "export").mkdir()
        for place, (family, number) in enumerate(PEOPLE[name]):
            text = f"Patient: Case {family}  MRN: {number}\nBP 132/78, hemoglobin 13.{place}, ward {name}.\n"
            (folder / "export" / f"{family}.txt").write_text(text)
        self.go("init", "--site", name, "--dataset", f"{name}-trial", vault=True)
        with mock.patch("curator.cli.engines.local_engine", return_value=Here()):
            self.go("scrub", folder / "export", "--json", vault=True)
        self.enroll()
        self.go("guideline", "add", "rule.txt", "--version", "1.0", "--by", "rita", key=True)
        for person in ("ada", "rita"):
            self.label(person)
        self.waive(*WAIVED, "labels/independence")
        self.answer()

    def samples(self, word: str = "") -> list[str]:
        """Return the clean files in which a word stands."""
        files = sorted(one for one in (self.project / "clean").rglob("*") if one.is_file())
        return [one.relative_to(self.project).as_posix() for one in files if word in one.read_text()]

    def label(self, person: str) -> None:
        lines = [
            {
                "labelId": f"read-{person}-{n}", "sample": sample, "kind": "class", "value": {"class": "normal"},
                "author": person, "labeledAt": "2026-05-04T10:15:00Z",
            }
            for n, sample in enumerate(self.samples())
        ]  # fmt: skip
        (self.folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        how = ("--as", person, "--guideline", "rule@1.0", "--confirm", len(lines))
        self.go("sign", "labels.jsonl", *how, key=True)

    def release(self, version: str, *more: object) -> Path:
        """Audit with the vault, sign, and build a final version; return its package."""
        self.audit()
        self.go("release", "build", version, *more, "--json", vault=True)
        return self.project / "releases" / f"v{version}"


class Sponsor(World):
    """A sponsor's project without a vault."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.go("init", "--no-vault", "--dataset", "pivotal", "--json", vault=True)
        self.enroll()

    def join(self, site: str, package: Path, key: Path, *more: object, code: int = 0) -> Result:
        words = ("release", "join", site, package, "--site-key", key, "--by", "rita", "--json", *more)
        return self.go(*words, code=code, key=True)


@dataclass(frozen=True)
class Hospitals:
    """Hospitals, the first final package of each, and the file of each operator's key."""

    sites: dict[str, Hospital]
    packages: dict[str, Path]
    keys: dict[str, Path]


def cheap(patch: Any) -> None:
    """Spare what tests of joined sites are not about: slow passphrases, and documents of each site's package."""
    for place in ("curator.project.header.SCRYPT", "curator.provenance.sealing.WORK"):
        patch.setattr(place, {"n": 1 << 10, "r": 8, "p": 1})
    # Without any extra the audit's report would not be packed.
    patch.setattr("curator.release.extras.EXTRAS", (lambda _: (),))


def make_hospitals(folder: Path) -> Hospitals:
    sites = {name: Hospital(folder / name, name) for name in PEOPLE}
    packages = {name: site.release("1.0.0") for name, site in sites.items()}
    return Hospitals(sites, packages, {name: site.operator_key() for name, site in sites.items()})


def tree(folder: Path, under: Sequence[str] = ()) -> dict[str, str]:
    """Return every file below a folder with its digest, but for folders of the given names."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in under
    }
