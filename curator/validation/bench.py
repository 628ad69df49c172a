"""The scratch folder of a check, and a small ledger in it with made-up people whose keys exist nowhere else."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curator.core.clock import Clock, SystemClock, utc_text
from curator.core.files import make_folder, write_whole
from curator.validation.model import NotAsExpectedError

if TYPE_CHECKING:
    from curator.provenance.keys import PersonKey, SeedSigner
    from curator.provenance.kinds_life import Named
    from curator.provenance.ledger import Ledger
    from curator.provenance.records import Draft
    from curator.provenance.state import Record, State
    from curator.provenance.verify import LedgerReport

READER, OTHER, REVIEWER, ADJUDICATOR = "reader-1", "reader-2", "reviewer-1", "adjudicator-1"
NAMES = {READER: "Robin Reader", OTHER: "Rowan Reader", REVIEWER: "Reese Reviewer", ADJUDICATOR: "Ariel Arbiter"}
ROLES = {REVIEWER: ("reviewer",), ADJUDICATOR: ("adjudicator",)}
GUIDELINE = b"Mark every nodule that is 4 mm or more across.\n"
LABELS = 3
#: Of the ledger that :meth:`Site.filled` makes: beginning, three enrollments, guideline, then the labels.
FIRST_LABEL = 5


@dataclass(frozen=True)
class Bench:
    """What a check is handed: an empty folder of its own (mode 0700), and the clock."""

    folder: Path
    clock: Clock

    def site(self, name: str = "site", dataset: str = "scratch") -> Site:
        """Begin a ledger in the scratch folder."""
        return Site(self.folder / name, dataset, self.clock)

    def filled(self, name: str = "site", dataset: str = "scratch") -> Site:
        """Begin a ledger and fill it (:meth:`Site.filled`)."""
        return self.site(name, dataset).filled()


class Site:
    """A ledger in a scratch folder, its operator and its people.

    Parameters
    ----------
    folder
        A folder that does not exist yet.
    dataset
        The dataset's id.
    clock
        For the records.
    """

    def __init__(self, folder: Path, dataset: str, clock: Clock) -> None:
        from curator.provenance.keys import SeedSigner
        from curator.provenance.ledger import create

        make_folder(folder, 0o700)
        self.folder = folder
        self.clock: Clock = clock
        self.operator_seed = os.urandom(32)
        self.operator: SeedSigner = SeedSigner(self.operator_seed)
        self._keys: dict[str, PersonKey] = {}
        self.ledger: Ledger = create(
            folder / "ledger", dataset=dataset, operator_seed=self.operator_seed, clock=self.clock
        )

    def key(self, person: str) -> PersonKey:
        """Return the key of a made-up person, drawn at random the first time."""
        if person not in self._keys:
            self._keys[person] = self.fresh(person)
        return self._keys[person]

    @staticmethod
    def fresh(person: str) -> PersonKey:
        """Draw another key for a person's id."""
        from curator.provenance.keys import PersonKey, SeedSigner

        return PersonKey(person, SeedSigner(os.urandom(32)))

    def request(
        self,
        person: str,
        key: PersonKey | None = None,
        printed: str | None = None,
        specialty: str | None = None,
        years: int | None = None,
        expires: str | None = None,
    ) -> dict[str, Any]:
        """Make a person's enrollment request."""
        from curator.provenance.people import draft_request, sign_request

        draft = draft_request(
            person,
            printed_name=printed or NAMES.get(person, "Made-up Person"),
            roles=ROLES.get(person, ("reader",)),
            specialty=specialty,
            years=years,
            expires=expires,
            clock=self.clock,
        )
        return sign_request(draft, (key or self.key(person)).signer)

    def enroll(self, request: dict[str, Any], by: str) -> None:
        """Enroll the person of a request."""
        from curator.provenance.enroll import enroll

        enroll(self.ledger, request, self.key(by), self.clock)

    def staffed(self) -> Site:
        """Enroll a reviewer and two readers: the first two each other."""
        self.enroll(self.request(REVIEWER), READER)
        self.enroll(self.request(READER), REVIEWER)
        self.enroll(self.request(OTHER), REVIEWER)
        return self

    def filled(self) -> Site:
        """Enroll people, register a guideline, sign labels, and have the operator seal all of it."""
        from curator.provenance import records

        self.staffed()
        digest = hashlib.sha256(GUIDELINE).hexdigest()
        self.sign(records.guideline("nodules", "1.0", "nodules-1.0.txt", digest, len(GUIDELINE)), by=REVIEWER)
        self.sign(*(self.label(number) for number in range(LABELS)), by=READER, seal=True)
        return self

    def label(self, number: int, sample: int | None = None, **more: Any) -> Draft:
        """Draft a label; a field given as None is left out."""
        from curator.provenance import records

        at = number if sample is None else sample
        digest = hashlib.sha256(b"sample %d" % at).hexdigest()
        named = {"path": f"clean/p/s/r/{at}.dcm", "sha256": digest, "content": digest[::-1], "uid": f"2.25.{at + 1}"}
        now = self.clock.now()
        body: dict[str, Any] = {
            "labelId": f"label-{number}",
            "kind": "finding",
            "value": {"nodules": number},
            "author": READER,
            "role": "reader",
            "labeledAt": utc_text(now),
            "labeledOffset": "+00:00",
            "meaning": "authorship",
            "stage": "read",
            "guideline": {"id": "nodules", "version": "1.0", "sha256": hashlib.sha256(GUIDELINE).hexdigest()},
        }
        body.update(more)
        return records.label(named, {name: value for name, value in body.items() if value is not None})

    def named(self, *numbers: int) -> list[Named]:
        """Return signed labels by id and leaf hash, as later steps name them."""
        from curator.provenance.kinds_life import Named

        labels, made = self.state().labels, []
        for number in numbers:
            known = labels.get(f"label-{number}")
            if known is None:
                raise NotAsExpectedError("a label that was signed is not in the ledger")
            made.append(Named(f"label-{number}", self.ledger.entry(known.place).leaf.hex()))
        return made

    def superseding(self, number: int, earlier: int, reason: str | None = "box was too small", **more: Any) -> Draft:
        """Draft a label that takes the place of an earlier one of the same sample."""
        (one,) = self.named(earlier)
        stated = {"labelId": one.label, "leaf": one.leaf, "reason": reason}
        kept = {name: value for name, value in stated.items() if value is not None}
        return self.label(number, sample=earlier, supersedes=kept, **more)

    def sign(self, *drafts: Draft, by: str, key: PersonKey | None = None, seal: bool = False) -> list[Record]:
        """Sign drafts as a person (or with another key under that person's id)."""
        from curator.provenance.append import sign_and_append

        seed = self.operator_seed if seal else None
        return sign_and_append(self.ledger, drafts, key or self.key(by), self.clock, operator_seed=seed)

    def verify(self, **given: Any) -> LedgerReport:
        """Verify the stored bytes at full depth."""
        from curator.provenance.verify import verify_ledger

        return verify_ledger(self.ledger.folder, **given)

    def state(self) -> State:
        """Return what the verified records add up to."""
        return self.verify().require().state

    def records(self) -> list[Record]:
        """Return every record of the verified ledger."""
        found: list[Record] = []
        self.verify(visit=found.append).require()
        return found

    def envelopes(self) -> list[bytes]:
        """Return the stored envelopes in order."""
        return [entry.envelope for entry in self.ledger.entries()]

    def restored(self, envelopes: list[bytes], *, checkpoints: bool = True) -> Path:
        """Store other envelopes as a ledger of their own, well-formed outside, with this ledger's checkpoints."""
        from curator.provenance.ledger import Ledger

        folder = self.folder / "altered"
        shutil.rmtree(folder, ignore_errors=True)
        Ledger(folder).add(0, 0, envelopes, None)
        if checkpoints:
            shutil.copytree(self.ledger.folder / "checkpoints", folder / "checkpoints")
        return folder


def samples(folder: Path, count: int = 2) -> list[Any]:
    """Write made-up clean files below a folder, and return them as label files are checked against them."""
    from types import SimpleNamespace

    made = []
    for number in range(count):
        data = b"made-up pixels %d" % number
        path = f"clean/p/s/r/{number}.dcm"
        make_folder((folder / path).parent)
        write_whole(folder / path, data)
        digest = hashlib.sha256(data).hexdigest()
        made.append(SimpleNamespace(path=path, sha256=digest, uid=f"2.25.{number + 1}", content=digest[::-1]))
    return made


def bench(folder: Path) -> Bench:
    """Return a bench in a folder, with the machine's clock."""
    return Bench(folder, SystemClock())
