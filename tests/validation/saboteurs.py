"""One way to break the program, or the machine, for each check: with it in place the check must not pass."""

from __future__ import annotations

import os
import shutil
import types
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from curator.core.clock import SystemClock
from curator.labels.samples import Samples
from curator.labels.signing import Plan
from curator.project.box import Box
from curator.provenance import export, guideline, keystore, people, records, roles, rules, state, tiles, verify, view
from curator.provenance.append import Appender
from curator.provenance.keys import decode64
from curator.provenance.ledger import Ledger
from curator.provenance.people import Person
from curator.validation import installed
from curator.validation.bench import FIRST_LABEL, READER, Site

Break = Callable[[pytest.MonkeyPatch], None]
BREAKS: dict[str, list[Break]] = {}


def breaks(*ids: str) -> Callable[[Break], Break]:
    def put(made: Break) -> Break:
        for one in ids:
            BREAKS.setdefault(one, []).append(made)
        return made

    return put


# -- the machine ------------------------------------------------------------------------------------------------------


@breaks("IQ-01")
def another_interpreter(m: pytest.MonkeyPatch) -> None:
    m.setattr("platform.python_implementation", lambda: "Otherpy")


@breaks("IQ-03")
def a_library_is_missing(m: pytest.MonkeyPatch) -> None:
    real = installed.find
    m.setattr(installed, "find", lambda name: None if name == "click" else real(name))


@breaks("IQ-04")
def a_library_was_altered(m: pytest.MonkeyPatch) -> None:
    real = installed._digest
    m.setattr(installed, "_digest", lambda path, kind: "x" if path.name == "testing.py" else real(path, kind))


@breaks("IQ-05")
def a_schema_is_broken(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.core.schema.load_schema", lambda _name: {"type": "no such type"})


@breaks("IQ-06")
def an_action_names_no_role(m: pytest.MonkeyPatch) -> None:
    m.setattr(roles, "actions", lambda: {"sign": frozenset({"nobody"})})


@breaks("IQ-06")
def a_code_has_no_hint(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.core.errors.codes", lambda: {"SYS-001": {"kind": "check", "sentence": "It is."}})


@breaks("IQ-10")
def links_overwrite(m: pytest.MonkeyPatch) -> None:
    m.setattr("os.link", shutil.copyfile)


@breaks("IQ-11")
def renames_copy_in_place(m: pytest.MonkeyPatch) -> None:
    m.setattr("os.rename", lambda old, new: (shutil.copyfile(old, new), os.unlink(old)))


@breaks("IQ-12")
def writes_are_lost(m: pytest.MonkeyPatch) -> None:
    m.setattr("os.write", lambda _handle, data: len(data))


@breaks("IQ-12")
def folders_cannot_be_flushed(m: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path) -> None:
        raise OSError

    m.setattr("curator.core.files.sync_folder", refuse)


@breaks("IQ-13")
def modes_do_not_hold(m: pytest.MonkeyPatch) -> None:
    def loose(path: Path, data: bytes, mode: int = 0) -> None:
        path.write_bytes(data)
        path.chmod(0o666)

    m.setattr("curator.core.files.write_whole", loose)


@breaks("IQ-14")
def locks_lock_nothing(m: pytest.MonkeyPatch) -> None:
    m.setattr("fcntl.flock", lambda *_: None)


@breaks("IQ-15")
def the_disk_is_full(m: pytest.MonkeyPatch) -> None:
    m.setattr("shutil.disk_usage", lambda _folder: types.SimpleNamespace(free=1 << 20))


@breaks("IQ-16")
def the_clock_was_never_set(m: pytest.MonkeyPatch) -> None:
    m.setattr(SystemClock, "now", lambda _self: datetime(1970, 1, 2, tzinfo=UTC))


@breaks("IQ-16")
def the_clock_is_a_century_ahead(m: pytest.MonkeyPatch) -> None:
    m.setattr(SystemClock, "now", lambda _self: datetime(2126, 1, 2, tzinfo=UTC))


@breaks("IQ-17")
def scrypt_gives_zeros(m: pytest.MonkeyPatch) -> None:
    m.setattr("hashlib.scrypt", lambda *_, dklen, **__: bytes(dklen))


@breaks("IQ-17")
def there_is_no_memory(m: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> bytes:
        raise MemoryError

    m.setattr("hashlib.scrypt", refuse)


@breaks("IQ-18")
def randomness_is_stuck(m: pytest.MonkeyPatch) -> None:
    m.setattr("os.urandom", bytes)


@breaks("IQ-18")
def randomness_is_biased(m: pytest.MonkeyPatch) -> None:
    real = os.urandom
    m.setattr("os.urandom", lambda size: bytes(byte | 1 for byte in real(size)))


@breaks("IQ-19", "OQ-11.300e-1", "OQ-11.30-2", "OQ-11.100b-2")
def every_signature_is_good(m: pytest.MonkeyPatch) -> None:
    for home in ("keys", "dsse", "people", "note"):
        m.setattr(f"curator.provenance.{home}.verify", lambda *_: True)


# -- the verifier -----------------------------------------------------------------------------------------------------


@breaks(
    "OQ-11.10a-2", "OQ-11.10a-3", "OQ-11.10a-4", "OQ-11.10a-5", "OQ-11.10c-1", "OQ-11.10e-4", "OQ-11.10g-2",
    "OQ-11.50a-1", "OQ-11.70-1", "OQ-11.70-2", "OQ-11.70-3", "OQ-11.200a2-1", "OQ-11.200a3-1",
)  # fmt: skip
def the_verifier_is_blind(m: pytest.MonkeyPatch) -> None:
    real = verify.verify_ledger

    def blind(*args: Any, **how: Any) -> Any:
        report = real(*args, **how)
        report.error = None
        return report

    m.setattr(verify, "verify_ledger", blind)


@breaks("OQ-11.10a-1")
def the_verifier_cries_wolf(m: pytest.MonkeyPatch) -> None:
    from curator.core.errors import IntegrityError

    def refuse(*_: Any) -> None:
        raise IntegrityError("LED-006")

    m.setattr(state, "check_signatures", refuse)


@breaks("OQ-11.70-1", "OQ-11.70-3")
def signatures_are_not_checked(m: pytest.MonkeyPatch) -> None:
    m.setattr(state, "check_signatures", lambda *_: ())
    m.setattr(state, "verify", lambda *_: True)


@breaks("OQ-11.10a-3", "OQ-11.10a-4", "OQ-11.70-2")
def places_are_not_checked(m: pytest.MonkeyPatch) -> None:
    def placeless(self: Any, envelope: Any, leaf: bytes, index: int, previous: Any, *, usual: Any = None) -> Any:
        parsed = state.parse_envelope(envelope if isinstance(envelope, bytes) else envelope())
        document = state._payload(parsed)
        record = state.Record(index, leaf, document["predicateType"], document["subject"], document["predicate"])
        rules.RULES[record.kind](self, record)
        return record

    m.setattr(state.State, "judge", placeless)
    m.setattr(verify, "check_seal", lambda current, _note, said: verify.Seal(said.size, said.root, ()))


@breaks("OQ-11.10e-2", "OQ-11.50a-2")
def schemas_are_not_checked(m: pytest.MonkeyPatch) -> None:
    m.setattr(state, "violation", lambda *_: None)
    m.setattr(roles, "allowed", lambda *_: True)


@breaks("OQ-11.10c-3")
def unfinished_parts_are_not_counted(m: pytest.MonkeyPatch) -> None:
    m.setattr(Ledger, "pending", lambda _self: 0)


# -- rules ------------------------------------------------------------------------------------------------------------


@breaks("OQ-11.10f-1", "OQ-11.10f-2", "OQ-11.10k-2")
def labels_keep_no_rule(m: pytest.MonkeyPatch) -> None:
    m.setitem(rules.RULES, records.LABEL, lambda *_: None)
    m.setattr("curator.labels.signing.check_label", lambda *_: None)


@breaks("OQ-11.10f-2")
def a_label_may_be_replaced_twice(m: pytest.MonkeyPatch) -> None:
    m.setattr(rules, "_check_superseded", lambda *_: None)


@breaks("OQ-11.10g-1")
def every_role_may_do_everything(m: pytest.MonkeyPatch) -> None:
    m.setattr(roles, "allowed", lambda *_: True)
    m.setattr(roles, "acting_role", lambda *_: "reader")


@breaks("OQ-11.10d-2")
def everybody_counts_as_enrolled(m: pytest.MonkeyPatch) -> None:
    m.setattr(state.State, "enrolled", lambda self, _name: self.people[READER])


@breaks("OQ-11.100a-1", "OQ-11.100a-2", "OQ-11.100b-1")
def everybody_is_taken_in(m: pytest.MonkeyPatch) -> None:
    def lenient(current: Any, record: Any) -> None:
        request = record.predicate["request"]
        made = Person.of(request, decode64(request["publicKey"]), record.index, record.predicate["signer"])
        rules._enroll(current, made)

    m.setitem(rules.RULES, records.ENROLLMENT, lenient)


@breaks("OQ-11.300c-1", "OQ-11.300c-2", "OQ-11.300b-1")
def revocations_do_nothing(m: pytest.MonkeyPatch) -> None:
    m.setitem(rules.RULES, records.REVOCATION, lambda *_: None)


@breaks("OQ-11.200a2-1")
def another_persons_key_will_do(m: pytest.MonkeyPatch) -> None:
    m.setattr(Appender, "_check_key", staticmethod(lambda *_: None))


@breaks("OQ-11.10h-1")
def every_sample_is_known(m: pytest.MonkeyPatch) -> None:
    anything = {"path": "clean/p/s/r/0.dcm", "sha256": "0" * 64, "uid": "2.25.1", "content": "0" * 64}
    m.setattr(Samples, "get", lambda *_: anything)


@breaks("OQ-11.10h-2")
def bad_labels_are_not_listed(m: pytest.MonkeyPatch) -> None:
    m.setattr(Plan, "refuse", lambda *_: None)


@breaks("OQ-11.10k-1")
def changed_guidelines_pass(m: pytest.MonkeyPatch) -> None:
    m.setattr(guideline, "unaltered", lambda *_: True)


@breaks("OQ-11.10f-3", "OQ-11.70-4")
def reviews_and_approvals_keep_no_rule(m: pytest.MonkeyPatch) -> None:
    for kind in (records.REVIEWED, records.APPROVED):
        m.setitem(rules.RULES, kind, lambda *_: None)


@breaks("OQ-11.10g-3")
def adjudications_keep_no_rule(m: pytest.MonkeyPatch) -> None:
    m.setitem(rules.RULES, records.ADJUDICATED, lambda *_: None)


@breaks("OQ-11.10e-5")
def withdrawals_keep_no_rule(m: pytest.MonkeyPatch) -> None:
    m.setitem(rules.RULES, records.WITHDRAWN, lambda *_: None)
    m.setattr("curator.provenance.kinds_life.check_reason", lambda reason: reason)


@breaks("OQ-11.300c-3")
def one_person_replaces_the_operator(m: pytest.MonkeyPatch) -> None:
    def lenient(current: Any, record: Any) -> None:
        current.operators = [
            *current.operators,
            state.Operator(decode64(record.predicate["operatorKey"]), record.index, ()),
        ]

    m.setitem(rules.RULES, records.OPERATOR_CHANGED, lenient)


@breaks("OQ-11.200a1-2")
def sessions_never_end(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.session_rules.Session.ended", lambda _self: None)


@breaks("OQ-11.200a1-2")
def sessions_sign_anything(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.session_rules.signable", lambda *_: True)


@breaks("OQ-11.10i-2")
def trainings_are_not_looked_at(m: pytest.MonkeyPatch) -> None:
    m.setitem(rules.RULES, records.TRAINING, lambda *_: None)


@breaks("OQ-11.10i-2", "OQ-11.300b-2")
def no_day_is_ever_past(m: pytest.MonkeyPatch) -> None:
    for home in ("facts", "rules_people"):
        m.setattr(f"curator.provenance.{home}.past", lambda *_: False)


@breaks("OQ-11.300b-3")
def keys_are_changed_by_anybody(m: pytest.MonkeyPatch) -> None:
    m.setitem(rules.RULES, records.ROTATION, lambda *_: None)


@breaks("OQ-11.10e-8")
def the_clock_is_not_looked_at(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.append.check_clock", lambda *_: None)


@breaks("OQ-11.300d-4")
def nobody_is_locked_out(m: pytest.MonkeyPatch) -> None:
    m.setattr(keystore, "check_lockout", lambda *_: None)


@breaks("OQ-11.300e-2")
def the_key_test_believes_every_signature(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.review.verify", lambda *_: True)


@breaks("OQ-11.10b-5")
def changed_copies_pass(m: pytest.MonkeyPatch) -> None:
    from curator.provenance import copies

    m.setattr(copies, "check_copy", lambda _path, log: copies.Copy(log.report.size, complete=True))


# -- times, copies, views ---------------------------------------------------------------------------------------------


@breaks("OQ-11.10e-3")
def time_stands_still(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.append.utc_text", lambda _moment: "2026-10-31T00:00:00Z")


@breaks("OQ-11.10e-1")
def the_old_label_is_rewritten(m: pytest.MonkeyPatch) -> None:
    real = Site.records

    def rewritten(site: Site) -> list[Any]:
        found = real(site)
        if "supersedes" in found[-1].predicate:
            changed = {**found[FIRST_LABEL].predicate, "value": "another"}
            found[FIRST_LABEL] = found[FIRST_LABEL]._replace(predicate=changed)
        return found

    m.setattr(Site, "records", rewritten)


@breaks("OQ-11.10b-1")
def copies_hold_other_bytes(m: pytest.MonkeyPatch) -> None:
    m.setattr(export, "pae", lambda *_: b"other bytes")


@breaks("OQ-11.10b-1")
def copies_lack_a_record(m: pytest.MonkeyPatch) -> None:
    real = export._put
    m.setattr(export, "_put", lambda base, *rest: None if base.name == "00000003" else real(base, *rest))


@breaks("OQ-11.10b-2")
def views_leave_out_the_value(m: pytest.MonkeyPatch) -> None:
    real = view.describe
    m.setattr(view, "describe", lambda *args: [pair for pair in real(*args) if pair[0] != "value"])


@breaks("OQ-11.50b-1")
def views_show_no_printed_name(m: pytest.MonkeyPatch) -> None:
    m.setattr(view, "printed_name", lambda _state, person: person)


@breaks("OQ-11.10c-2")
def every_format_is_taken(m: pytest.MonkeyPatch) -> None:
    m.setattr(people, "REQUEST_FORMAT", 100)


@breaks("OQ-11.10i-1")
def the_roster_forgets_the_years(m: pytest.MonkeyPatch) -> None:
    real = people.as_documents
    m.setattr(people, "as_documents", lambda found: [{**one, "years": None} for one in real(found)])


@breaks("OQ-11.10j-1")
def records_name_somebody_else(m: pytest.MonkeyPatch) -> None:
    real = Site.records

    def swapped(site: Site) -> list[Any]:
        return [one._replace(predicate={**one.predicate, "signer": READER}) for one in real(site)]

    m.setattr(Site, "records", swapped)


@breaks("OQ-11.300b-1")
def the_roster_hides_reasons(m: pytest.MonkeyPatch) -> None:
    m.setattr(people, "as_documents", lambda found: [{"id": one.id, "enrolled_record": 1} for one in found])


@breaks("OQ-11.10b-3")
def every_record_is_proven(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.proofs.verify_inclusion", lambda *_: True)


@breaks("OQ-11.10b-4")
def tiles_hold_other_hashes(m: pytest.MonkeyPatch) -> None:
    real = tiles.tile_data
    m.setattr(tiles, "tile_data", lambda tree, tile: bytes(len(real(tree, tile))))


@breaks("OQ-11.10e-6", "OQ-11.10e-7")
def every_history_is_consistent(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.proofs.verify_consistency", lambda *_: True)
    m.setattr("curator.provenance.witness._check_extends", lambda *_: None)


@breaks("OQ-11.10c-4")
def backups_are_not_authenticated(m: pytest.MonkeyPatch) -> None:
    from curator.project import backup

    m.setattr(backup.BackupReader, "check", lambda _self: None)
    m.setattr(backup.BackupReader, "_close", lambda *_: None)
    m.setattr(Box, "unseal", lambda _self, _name, data: bytes(data))


# -- keys and vaults --------------------------------------------------------------------------------------------------


@breaks("OQ-11.30-1")
def vaults_seal_nothing(m: pytest.MonkeyPatch) -> None:
    m.setattr(Box, "seal", lambda _self, _name, data: bytes(data))
    m.setattr(Box, "unseal", lambda _self, _name, data: bytes(data))


@breaks("OQ-11.10d-1")
def everybody_may_read_keys(m: pytest.MonkeyPatch) -> None:
    m.setattr(keystore, "make_folder", lambda folder, _mode: folder.mkdir())


@breaks("OQ-11.200a1-1", "OQ-11.300d-1")
def any_passphrase_opens(m: pytest.MonkeyPatch) -> None:
    m.setattr("hashlib.scrypt", lambda *_, dklen, **__: bytes(dklen))


@breaks("OQ-11.300a-1")
def a_second_key_takes_the_first_ones_place(m: pytest.MonkeyPatch) -> None:
    real = keystore.create_key

    def again(store: Path, person: str, phrase: bytes) -> Any:
        keystore.key_path(store, person).unlink(missing_ok=True)
        return real(store, person, phrase)

    m.setattr(keystore, "create_key", again)


@breaks("OQ-11.300d-1")
def failures_are_forgotten(m: pytest.MonkeyPatch) -> None:
    m.setattr(keystore, "record_failure", lambda *_: 0)


@breaks("OQ-11.300d-2")
def events_are_believed(m: pytest.MonkeyPatch) -> None:
    m.setattr("curator.provenance.security.events", lambda _store: [{}, {}, {}])


@breaks("OQ-11.300d-3")
def openings_are_forgotten(m: pytest.MonkeyPatch) -> None:
    from curator.project import vault

    real = vault.note_opening
    m.setattr(vault, "note_opening", lambda root, what, *more: what == "failed" or real(root, what, *more))
