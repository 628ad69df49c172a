"""``curator people train | rotate | review | selftest``: keep people's training and keys in order."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import (
    emit_json,
    json_option,
    key_passphrase_option,
    note,
    passphrase_option,
    project_option,
    read_passphrase,
    say,
)
from curator.cli.signers import by_option, key_store_option, open_key, operator_signer


@click.command("train")
@click.argument("trained", metavar="ID")
@by_option
@click.option("--course", required=True, metavar="COURSE[@VERSION]", help="Id of the course or guideline.")
@click.option("--until", required=True, metavar="DAY", help="Last day on which it counts, YYYY-MM-DD in UTC.")
@click.option(
    "--record",
    "evidence",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The training record or signed acknowledgement. Only its SHA-256 is taken.",
)
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def train(
    trained: str,
    person: str,
    course: str,
    until: str,
    evidence: Path,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Record that the person ID was trained in a course, or acknowledged a policy. A second person signs it.

    What stands before @ is the course; its newest record counts. Once a course has lapsed, that person signs no labels
    until it is renewed. With 'require_training = true' under [signing] in curator.toml, nobody signs labels without a
    training.

    \b
    Examples:
      curator people train reader-a --by reviewer-1 --course chest-ct@1.0 --until 2027-06-30 --record training.pdf
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import CuratorError, UsageError
    from curator.core.hashing import sha256_file
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.kinds_people import training
    from curator.provenance.ledger import Ledger

    place = open_project(project)
    try:
        if not evidence.is_file():
            raise UsageError("KEY-043")
        digest = sha256_file(evidence)
    except (OSError, CuratorError):
        raise UsageError("KEY-043") from None
    draft = training(trained, course, until, digest, text_guard())
    note(f"recording that {trained} was trained in {course} until {until} · record {digest[:16]}")
    key = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "train")
    appender = Appender(Ledger(place.ledger), SystemClock())
    (made,) = appender.append([draft], key)
    appender.seal(key, operator)
    if as_json:
        emit_json({"id": trained, "course": course, "until": until, "sha256": digest, "record": made.index})
        return
    say(f"{trained} is trained in {course} until {until} · record {made.index:,}")


@click.command("rotate")
@by_option
@click.option("--reason", default="periodic change of the key", show_default=True, metavar="TEXT", help="Why.")
@click.option("--expires", metavar="DAY", help="Last day of the next key, YYYY-MM-DD in UTC.")
@click.option(
    "--new-key-passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the next key's passphrase from this file instead of asking for it.",
)
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def rotate(
    person: str,
    reason: str,
    expires: str | None,
    new_key_passphrase_file: Path | None,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make a next key for yourself, and name it in the ledger under your present key's signature.

    What the present key signed stays valid; from that record on it signs no more. Its file stays beside the next one
    under a number. Roles and printed name go on unchanged, and a key that was given a last day is followed by one that
    lives no longer. A run that was stopped is just run again. For a lost or stolen key use 'curator people revoke'.

    \b
    Examples:
      curator people rotate --by reader-a --expires 2027-11-30
    """
    from curator.cli.guard import text_guard
    from curator.cli.people import write_roster
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.provenance.append import Appender
    from curator.provenance.keys import key_id
    from curator.provenance.keystore import default_key_store
    from curator.provenance.ledger import Ledger
    from curator.provenance.rotate import next_key, waiting
    from curator.provenance.rotate import rotate as run
    from curator.provenance.typed import checked, day

    place, clock, guard = open_project(project), SystemClock(), text_guard()
    store = key_store or default_key_store()
    checked(reason, guard)
    if expires is not None:
        day(expires)
    old = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "rotate")
    appender = Appender(Ledger(place.ledger), clock)
    appender.state.person(person)
    asked = f"Passphrase of {person}'s next key"
    new = next_key(
        store, person, read_passphrase(new_key_passphrase_file, asked, confirm=not waiting(store, person)), clock
    )
    done = run(appender, store, old, new, reason=reason, guard=guard, clock=clock, expires=expires, operator=operator)
    write_roster(place, appender.state)
    if as_json:
        emit_json({"id": person, "oldKeyId": key_id(done.old), "keyId": key_id(done.new), "recorded": done.added})
        return
    say(f"{person} signs with key {key_id(done.new)[:16]} from record {done.records:,} on")
    say("the old key's file is kept beside it; what it signed stays valid")


@click.command("review")
@click.option("--within", type=click.IntRange(0, 3650), default=30, show_default=True, help="Days ahead to look.")
@click.option(
    "--unused", type=click.IntRange(1, 3650), default=180, show_default=True, help="Days without a signature."
)
@project_option
@json_option
@click.pass_context
def review(ctx: click.Context, within: int, unused: int, project: Path, as_json: bool) -> None:
    """List what is due: keys past or near their last day, lapsed, lapsing or missing trainings, unused keys.

    Exit 1 says that something is due. The ledger is verified first; no key and no passphrase are needed.

    \b
    Examples:
      curator people review --within 60
    """
    from curator.core.clock import SystemClock, utc_text
    from curator.project.paths import open_project
    from curator.provenance.review import review as run
    from curator.provenance.verify import verify_ledger
    from curator.provenance.view import printed_name, shown

    words = {
        "expired": "the key is past its last day:",
        "expiring": "the key nears its last day:",
        "lapsed": "the training has lapsed:",
        "lapsing": "the training lapses soon:",
        "untrained": "no training is recorded",
        "unused": "the key has signed nothing since",
    }
    now = SystemClock().now()
    state = verify_ledger(open_project(project).ledger).require().state
    found = run(state, now, within=within, unused=unused)
    if as_json:
        emit_json(
            {
                "at": utc_text(now),
                "people": len(state.active()),
                "due": [{"what": one.what, "id": one.person, "detail": one.detail} for one in found],
            }
        )
    else:
        for one in found:
            say(f"{one.what:<10} {shown(printed_name(state, one.person))} · {words[one.what]} {one.detail}".rstrip())
        say(
            f"{len(state.active())} people · {len(found)} due"
            if found
            else f"{len(state.active())} people · nothing due"
        )
    ctx.exit(1 if found else 0)


@click.command("selftest")
@by_option
@project_option
@key_store_option
@key_passphrase_option
@json_option
def selftest(
    person: str, project: Path, key_store: Path | None, key_passphrase_file: Path | None, as_json: bool
) -> None:
    """Test a person's key: it signs a fresh challenge, and changed signatures and other keys must be refused.

    Nothing is added to the ledger. Do it when a key is handed out, and again from time to time.

    \b
    Examples:
      curator people selftest --by reader-a
    """
    from curator.project.paths import open_project
    from curator.provenance.keys import key_id
    from curator.provenance.review import self_test
    from curator.provenance.verify import verify_ledger

    place = open_project(project)
    key = open_key(person, key_store, key_passphrase_file)
    state = verify_ledger(place.ledger).require().state
    passed = self_test(state, key)
    if as_json:
        emit_json({"id": person, "keyId": key_id(key.signer.public), "passed": passed})
        return
    for one in passed:
        say(f"PASS  {one}")
    say(f"key {key_id(key.signer.public)[:16]} of {person} works")
