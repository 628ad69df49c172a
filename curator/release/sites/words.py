"""Who at a site attests what only the site's vault can answer: out of the signed audit report, or a word of their own.

A closed-loop search needs the vault, and the vault stays at the site. What is taken as its outcome is the signed audit
report that the package carries (its signer and time), or an attestation over just these files. Neither counts unless
it is bound to the package's payload and signed by a person whom the site's ledger enrolls.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from curator.core.canonical import strict_loads
from curator.core.errors import CuratorError, GateError, IntegrityError
from curator.core.schema import violation
from curator.provenance.dsse import parse_envelope
from curator.provenance.records import AUDIT_REPORT, PIXELS
from curator.provenance.state import State
from curator.release import layout
from curator.release.attested import read_attestation
from curator.release.audited import PASS
from curator.release.tree import content_of

#: The check that a site's vault alone can answer, and without whose word nothing is joined.
CLOSED = "privacy/known-identifiers"
#: What a check may need that stays at a site (:data:`curator.audit.model.VAULT`).
VAULT = "vault"
ATTESTED, NOT_APPLICABLE = "ATTESTED", "NOT_APPLICABLE"
MOST = 256 << 20
#: Checks that anybody can make again, of which a site's people say by what and whom they passed there.
CANARIES, PIXEL_RISK = "privacy/canaries", "privacy/pixel-risk"
TOLD = frozenset({CANARIES, PIXEL_RISK})
#: People who looked at pixels that one record of a join names.
MOST_PEOPLE = 50
#: Marks of a sentence that are kept.
LONGEST = 500


@dataclass(frozen=True)
class Word:
    """What somebody at a site said of a check.

    Parameters
    ----------
    check, outcome, summary
        Its id, ``PASS`` or ``NOT_APPLICABLE``, and the sentence with its numbers.
    signer, printed_name, at
        Who, and when, UTC.
    source
        ``report:``, ``attestation:`` or ``record:`` and the SHA-256 (hex, of a record the leaf hash) of what says so.
    """

    check: str
    outcome: str
    summary: str
    signer: str
    printed_name: str
    at: str
    source: str

    def document(self) -> dict[str, str]:
        """Return it as a record states it."""
        return {
            "check": self.check,
            "outcome": self.outcome,
            "signer": self.signer,
            "printedName": self.printed_name,
            "at": self.at,
            "source": self.source,
        }


class SitePayload:
    """What is read of a verified package to judge words about it: records, leaf hashes, the audit report.

    Parameters
    ----------
    folder, state, audit
        The package, the sum of its records, and what its manifest says of the audit.
    """

    def __init__(self, folder: Path, state: State, audit: dict[str, str]) -> None:
        self.folder = folder
        self.state = state
        self.audit = audit

    def statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield leaf hash and statement of each record that is here whole."""
        with (self.folder / layout.RECORDS).open("rb") as stream:
            for raw in stream:
                line = raw.removesuffix(b"\n")
                yield hashlib.sha256(b"\0" + line).hexdigest(), strict_loads(parse_envelope(line).payload)

    def placed(self) -> Iterator[tuple[int, str]]:
        """Yield index and kind of each record that is here whole."""
        return ((one["predicate"]["sequence"], one["predicateType"]) for _, one in self.statements())

    @cached_property
    def _leaves(self) -> list[bytes]:
        with (self.folder / layout.LEAVES).open("rb") as stream:
            return [bytes.fromhex(raw.decode("ascii")) for raw in stream]

    def root_at(self, size: int) -> bytes | None:
        """Return the root over the first so many records, None where there are fewer."""
        from curator.provenance.merkle import Frontier

        if not 0 < size <= len(self._leaves):
            return None
        tree = Frontier()
        tree.extend(self._leaves[:size])
        return tree.root()

    def report(self) -> dict[str, Any]:
        """Return the signed audit report that the package carries.

        Raises
        ------
        GateError
            SIT-004 when it carries none, or one that is not a whole audit that passed over just its files.
        """
        name = self.audit["report"]
        data = content_of(self.folder / f"{layout.AUDIT}{name}.json", MOST)
        if data is None:
            raise GateError("SIT-004", why="the package does not carry its report")
        try:
            made = strict_loads(data, fraction=float)
        except CuratorError:
            made = None
        if hashlib.sha256(data).hexdigest() != name or violation("audit-report", made) is not None:
            raise GateError("SIT-004", why="the report is not the one that was signed for, or cannot be read")
        document: dict[str, Any] = made
        if document["gate"]["outcome"] != PASS or not document["complete"]:
            raise GateError("SIT-004", why="the report does not say that a whole audit passed")
        if document["subject"]["payload"] != self.audit["payload"]:
            raise GateError("SIT-004", why="the report is over other files")
        return document

    def signed(self) -> tuple[str, str, str]:
        """Return id, printed name and time of whoever signed the report."""
        for leaf, one in self.statements():
            if leaf == self.audit["record"] and one["predicateType"] == AUDIT_REPORT:
                said = one["predicate"]
                return said["signer"], self.state.person(said["signer"]).printed_name, said["signedAt"]
        raise IntegrityError("REL-028", what="no signed record of its ledger holds the audit report that it names")


def words_of(payload: SitePayload, attestations: Sequence[bytes]) -> tuple[Word, ...]:
    """Return what is attested of each check that needs the site's vault, by check.

    Parameters
    ----------
    payload
        Of a verified package that is no draft.
    attestations
        Signed words besides the report.

    Raises
    ------
    GateError
        SIT-004; SIT-005 when nobody attests a check that needs the vault, or somebody says that it failed.
    UsageError, IntegrityError
        AUD-015, AUD-016 for an attestation that does not count here.
    """
    report = payload.report()
    said: dict[str, list[Word]] = {}
    for word in [*own_words(payload, report), *_given(payload, attestations)]:
        said.setdefault(word.check, []).append(word)
    needed = {one["id"] for one in report["checks"] if VAULT in one["needs"] and not one["origin"]} | {CLOSED}
    made = []
    for check in sorted(needed | said.keys()):
        found = said.get(check, [])
        if not found:
            raise GateError("SIT-005", check=check, why="neither the report nor an attestation says that it passed")
        bad = next((one for one in found if one.outcome not in {PASS, NOT_APPLICABLE}), None)
        if bad is not None or (check == CLOSED and all(one.outcome != PASS for one in found)):
            raise GateError("SIT-005", check=check, why="a signed word says that it did not pass")
        made.append(max(found, key=lambda one: (one.outcome == PASS, one.at)))
    return (*made, *_told(payload, report), *_looked(payload))


def _told(payload: SitePayload, report: dict[str, Any]) -> Iterable[Word]:
    """Yield what the signed report says of checks that anybody can make again, where these passed."""
    signer, printed, at = payload.signed()
    source = f"report:{payload.audit['report']}"
    for one in report["checks"]:
        if one["id"] in TOLD and one["outcome"] in {PASS, NOT_APPLICABLE} and not one["origin"]:
            yield Word(one["id"], one["outcome"], one["summary"][:LONGEST], signer, printed, at, source)


def _looked(payload: SitePayload) -> Iterable[Word]:
    """Yield who looked at pixels, with the newest record of each and how many objects it was in all."""
    newest: dict[str, tuple[str, str]] = {}
    counts: Counter[str] = Counter()
    for leaf, one in payload.statements():
        if one["predicateType"] == PIXELS:
            signer = one["predicate"]["signer"]
            newest[signer] = (one["predicate"]["signedAt"], leaf)
            counts[signer] += len(one["subject"])
    for signer in sorted(newest)[:MOST_PEOPLE]:
        at, leaf = newest[signer]
        printed = payload.state.person(signer).printed_name
        yield Word(
            PIXEL_RISK,
            PASS,
            f"looked at the pixels of {counts[signer]:,} objects",
            signer,
            printed,
            at,
            f"record:{leaf}",
        )


def own_words(payload: SitePayload, report: dict[str, Any]) -> Iterable[Word]:
    """Yield what the signed report says of checks that need the vault and that it could make."""
    signer, printed, at = payload.signed()
    source = f"report:{payload.audit['report']}"
    for one in report["checks"]:
        if VAULT not in one["needs"] or one["origin"]:
            continue
        word, text = one["attested"], one["summary"][:LONGEST]
        if one["outcome"] == ATTESTED:
            # Who is named must be a person of the site's ledger; a name that the report alone gives is nobody's.
            person = None if word is None else payload.state.people.get(word["signer"])
            if word is not None and person is not None:
                yield Word(one["id"], PASS, text, person.id, person.printed_name, word["at"], source)
        elif one["outcome"] in {PASS, NOT_APPLICABLE, "FAIL"}:
            yield Word(one["id"], one["outcome"], text, signer, printed, at, source)


def _given(payload: SitePayload, attestations: Sequence[bytes]) -> Iterable[Word]:
    for data in attestations:
        said, person = read_attestation(data, payload.state, payload.audit["payload"], payload.root_at, payload.placed)
        source = f"attestation:{hashlib.sha256(data).hexdigest()}"
        for one in said["checks"]:
            # What could not be checked is no word; what failed is one, and stops the join.
            if one["outcome"] in {PASS, NOT_APPLICABLE, "FAIL"}:
                yield Word(
                    one["id"],
                    one["outcome"],
                    one["summary"][:LONGEST],
                    person.id,
                    person.printed_name,
                    said["signedAt"],
                    source,
                )
