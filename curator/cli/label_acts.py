"""One act of signing about labels, for ``curator label``: verify, check every label, show, have it confirmed, sign.

Prints ids of labels that are in the ledger, never one that is not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from curator.cli.common import emit_json, note, progress, say
from curator.cli.signers import FORBIDDEN, confirmed, need_key, open_key, operator_signer

if TYPE_CHECKING:
    from curator.labels.life import Refused
    from curator.project.paths import Project
    from curator.provenance.append import Appender
    from curator.provenance.records import Draft
    from curator.provenance.state import Record

#: Refused labels that are printed; all are in the JSON document, up to a thousand.
PRINTED = 20
SHOWN = 1000


def guard() -> Callable[[str], bool]:
    """Return what refuses reasons that may hold an identifier."""
    from curator.cli.guard import text_guard

    return text_guard()


class Act:
    """One act of signing about labels: reads and verifies, checks every label, shows, signs."""

    def __init__(
        self,
        action: str,
        *,
        labels: tuple[str, ...],
        file: Path | None,
        person: str,
        dry_run: bool,
        confirm: int | None,
        project: Path,
        key_store: Path | None,
        key_passphrase_file: Path | None,
        passphrase_file: Path | None,
        as_json: bool,
    ) -> None:
        from curator.core.clock import SystemClock
        from curator.core.errors import UsageError
        from curator.labels.life import read_ids, unique
        from curator.project.paths import open_project
        from curator.provenance.append import Appender
        from curator.provenance.ledger import Ledger

        self.action, self.person, self.as_json = action, person, as_json
        self._dry_run, self._confirm = dry_run, confirm
        self._key_store, self._key_file, self._vault_file = key_store, key_passphrase_file, passphrase_file
        self.ids = unique([*labels, *(read_ids(file) if file is not None else [])])
        if not self.ids:
            raise UsageError("LBL-042")
        self._place: Project = open_project(project)
        self._place.need_patients()
        if not dry_run:
            need_key(person, key_store)
        ledger = Ledger(self._place.ledger)
        with progress(ledger.size(), "records") as bar:
            self.appender: Appender = Appender(ledger, SystemClock(), bar.advance)
        self.appender.state.facts.require_training = self._place.config.require_training

    def sign(self, draft: Callable[[], list[Draft]], meaning: str, *, one: bool = False) -> None:
        """Check, show, have it confirmed (unless it is one thing about all labels), sign and report."""
        from curator.labels.life import refused
        from curator.provenance.view import printed_name, shown

        state, count = self.appender.state, len(self.ids)
        bad = refused(state, self.action, self.person, self.ids)
        if bad:
            self._refuse(bad)
        drafts = draft()
        who = shown(printed_name(state, self.person))
        note(f"signer   {who}\nmeaning  {meaning}\nlabels   {count:,} of {self._authors()}")
        made: list[Record] = []
        if self._dry_run:
            self._try(drafts)
        else:
            confirmed(1 if one else count, self._confirm, *([count] if one else []))
            key = open_key(self.person, self._key_store, self._key_file)
            operator = operator_signer(self._place, self._vault_file, "sign")
            made = self.appender.append(drafts, key)
            self.appender.seal(key, operator)
        self._report(made, meaning, who)

    def _try(self, drafts: list[Draft]) -> None:
        """Run the records' rules as if they came next, on a copy of the state."""
        from curator.core.clock import utc_text
        from curator.provenance.rules import RULES
        from curator.provenance.state import Record as Made

        trial = self.appender.state.fork()
        for one in drafts:
            said = {**one.predicate, "signer": self.person, "signedAt": utc_text(self.appender.clock.now())}
            RULES[one.kind](trial, Made(trial.size, b"", one.kind, list(one.subject), said))

    def _authors(self) -> str:
        from curator.labels.life import author, known
        from curator.provenance.view import printed_name, shown

        state = self.appender.state
        names = sorted({author(state, one) for one in known(state, self.ids).values()})
        listed = " · ".join(shown(printed_name(state, name)) for name in names[:5])
        return listed + (f" · {len(names) - 5} more" if len(names) > 5 else "")

    def _refuse(self, bad: list[Refused]) -> None:
        from curator.core.errors import UsageError

        forbidden = any(one.error.code in FORBIDDEN for one in bad)
        error = UsageError("LED-067", count=len(bad), total=len(self.ids), forbidden=forbidden)
        if self.as_json:
            issues = [{"labelId": one.label, "code": one.error.code, "sentence": one.error.sentence} for one in bad]
            failed = {"code": error.code, "sentence": error.sentence, "hint": error.hint}
            emit_json({"error": failed, "total": len(self.ids), "bad": len(bad), "issues": issues[:SHOWN]})
            raise error
        for one in bad[:PRINTED]:
            note(f"{one.label}: {one.error.code} {one.error.sentence}")
        if len(bad) > PRINTED:
            note(f"… and {len(bad) - PRINTED:,} more; --json lists them")
        raise error

    def _report(self, made: list[Record], meaning: str, who: str) -> None:
        said = made[0].predicate if made else None
        if self.as_json:
            emit_json(
                {
                    "action": self.action,
                    "labels": self.ids,
                    "records": [one.index for one in made],
                    "signer": {"id": self.person, "printedName": self.appender.state.person(self.person).printed_name},
                    "signedAt": said["signedAt"] if said else None,
                    "utcOffset": said["utcOffset"] if said else None,
                    "meaning": said["meaning"] if said else meaning.split(",", maxsplit=1)[0],
                    "dryRun": self._dry_run,
                    "root": self.appender.state.tree.root().hex(),
                }
            )
            return
        when = f" at {said['signedAt']} (local offset {said['utcOffset']})" if said else ""
        say(f"{'signed' if said else 'would sign'} as {who}{when} · {meaning}")
        say(f"{self.action}: {len(self.ids):,} labels")
        say(f"ledger: {self.appender.state.size:,} records")
