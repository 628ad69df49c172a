"""``curator people``: keys, enrollment, the roster; :mod:`curator.cli.people_care` keeps them in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curator.cli import people_care
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
from curator.cli.holders import holder_options
from curator.cli.signers import by_option, key_store_option, open_key, operator_signer

if TYPE_CHECKING:
    from curator.project.paths import Project
    from curator.provenance.hold import InService, OnToken
    from curator.provenance.state import State

ROLES = ("reader", "reviewer", "adjudicator", "operator")


@click.group("people")
def people() -> None:
    """Make a person's key, enroll people by the signature of a second person, keep keys and trainings in order."""


for _command in (people_care.train, people_care.rotate, people_care.review, people_care.selftest):
    people.add_command(_command)


@people.command("add")
@click.argument("person", metavar="ID")
@click.option("--name", required=True, metavar="TEXT", help="Printed name; it stands in the enrollment record.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given again.")
@click.option("--specialty", metavar="TEXT", help="Medical specialty.")
@click.option("--years", type=click.IntRange(0, 80), metavar="N", help="Years of experience.")
@click.option("--qualification", metavar="TEXT", help="Such as a board certification.")
@click.option("--expires", metavar="DAY", help="Last day on which the key may sign, YYYY-MM-DD in UTC.")
@holder_options
@key_store_option
@key_passphrase_option
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="Where to write ID.request.json.")
@json_option
def add(
    person: str,
    name: str,
    roles: tuple[str, ...],
    specialty: str | None,
    years: int | None,
    qualification: str | None,
    expires: str | None,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    out: Path,
    as_json: bool,
    holder: OnToken | InService | None,
) -> None:
    """Make a key for the person ID, and a request to be enrolled with it.

    The key is encrypted with the passphrase and stays in the person's own key store, outside of any project. The
    request holds the public key and proof that the person has the private one; a second person enrolls it.

    With --token-module the key is made on a token and never leaves it; the token's PIN then takes the place of the
    passphrase, here and wherever the person signs. With --service-key a cloud key service keeps it.

    \b
    Examples:
      curator people add reader-a --name "Ada Reader" --role reader --years 12
      curator people add reader-a --name "Ada Reader" --role reader \\
        --token-module /usr/lib/softhsm/libsofthsm2.so --token-label ada --algorithm p256
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.core.errors import UsageError
    from curator.provenance.hold import OnToken, hold
    from curator.provenance.keys import key_id
    from curator.provenance.keystore import create_key, default_key_store, key_path, unlock
    from curator.provenance.people import draft_request, write_request
    from curator.provenance.typed import checked

    if qualification is not None:
        checked(qualification, text_guard())
    clock = SystemClock()
    store = key_store or default_key_store()
    details = draft_request(
        person,
        printed_name=name,
        roles=roles,
        specialty=specialty,
        years=years,
        clock=clock,
        expires=expires,
        qualification=qualification,
    )
    there = key_path(store, person).is_file()
    request = out / f"{person}.request.json"
    if there and request.exists():
        raise UsageError("KEY-004")
    on_token = isinstance(holder, OnToken)
    prompt = f"PIN of {person}'s token" if on_token else f"Passphrase of {person}'s key"
    passphrase = read_passphrase(key_passphrase_file, prompt, confirm=not there and not on_token)
    if there:
        key = unlock(store, person, passphrase, clock)
    elif holder is not None:
        key = hold(store, person, holder, passphrase, clock)
    else:
        key = create_key(store, person, passphrase)
    write_request(request, details, key.signer)
    if as_json:
        emit_json({"id": person, "keyId": key_id(key.signer.public), "request": request.name, "newKey": not there})
        return
    say(f"{'key made' if not there else 'key found'} for {person} · {key_id(key.signer.public)[:16]}")
    say(f"request written: {request.name}")
    say(f"next: a second person runs curator people enroll {request.name} --by THEIR_ID")


@people.command("enroll")
@click.argument("request", type=click.Path(path_type=Path))
@by_option
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def enroll(
    request: Path,
    person: str,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Sign that the person of REQUEST is who they say they are, and put their public key into the ledger.

    The first two people enroll each other; nobody is enrolled until both have signed. After that any enrolled person
    may enroll another, never themselves. With --passphrase-file the operator signs the checkpoint as well.

    \b
    Examples:
      curator people enroll reader-b.request.json --by reader-a
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.provenance.enroll import enroll as run
    from curator.provenance.keys import decode64, key_id
    from curator.provenance.ledger import Ledger
    from curator.provenance.people import load_request
    from curator.provenance.typed import checked
    from curator.provenance.view import shown

    place = open_project(project)
    document = load_request(request)
    asked = document["request"]
    if "qualification" in asked:
        checked(asked["qualification"], text_guard())
    key_name = key_id(decode64(asked["publicKey"]))
    note(
        f"enrolling {shown(asked['printedName'])} ({asked['id']}) as {', '.join(asked['roles'])} · key {key_name[:16]}"
        + (f" · last day {asked['expires']}" if "expires" in asked else "")
    )
    key = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "enroll")
    done = run(Ledger(place.ledger), document, key, SystemClock(), operator)
    write_roster(place, done.state)
    if as_json:
        emit_json({"id": done.person, "enrolled": done.complete, "already": done.already, "keyId": key_name})
        return
    if not done.complete:
        say(f"half done: {done.person} counts as enrolled once {done.person} enrolls {person}")
        say(f"next: curator people enroll {person}.request.json --by {done.person}")
        return
    say(f"{done.person} {'was enrolled before' if done.already else 'is enrolled'} · {len(done.state.active())} people")


@people.command("list")
@project_option
@json_option
def list_people(project: Path, as_json: bool) -> None:
    """List everybody who was ever enrolled, from a verified ledger, and write people.toml anew."""
    from curator.project.paths import open_project
    from curator.provenance.people import as_documents
    from curator.provenance.verify import present_state
    from curator.provenance.view import shown

    place = open_project(project)
    state = present_state(place.ledger)
    write_roster(place, state)
    if as_json:
        emit_json({"people": as_documents(state.roster())})
        return
    for one in state.roster():
        details = [f"{one.years} years" if one.years is not None else "", one.specialty or ""]
        details += [one.qualification or "", f"last day {one.expires}" if one.expires is not None else ""]
        details.append("REVOKED" if one.revoked is not None else "")
        details.append("OLD KEY" if one.rotated is not None else "")
        parts = [shown(one.printed_name), ", ".join(one.roles), *(shown(text) for text in details if text)]
        say(f"{one.id:<16} {' · '.join(parts)}")
    if not state.people:
        say("nobody is enrolled yet")


@people.command("revoke")
@click.argument("revoked", metavar="ID")
@by_option
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence.")
@project_option
@key_store_option
@key_passphrase_option
@passphrase_option
@json_option
def revoke(
    revoked: str,
    person: str,
    reason: str,
    project: Path,
    key_store: Path | None,
    key_passphrase_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Revoke the key of the person ID from now on. What it signed before stays valid.

    \b
    Examples:
      curator people revoke reader-a --by reviewer-1 --reason "laptop lost"
    """
    from curator.cli.guard import text_guard
    from curator.core.clock import SystemClock
    from curator.project.paths import open_project
    from curator.provenance.enroll import revoke as run
    from curator.provenance.ledger import Ledger
    from curator.provenance.typed import checked

    place = open_project(project)
    checked(reason, text_guard())
    key = open_key(person, key_store, key_passphrase_file)
    operator = operator_signer(place, passphrase_file, "revoke")
    state = run(Ledger(place.ledger), revoked, reason, key, SystemClock(), operator)
    write_roster(place, state)
    if as_json:
        emit_json({"id": revoked, "revoked": True, "active": len(state.active())})
        return
    say(f"the key of {revoked} is revoked from record {state.size - 1:,} on · {len(state.active())} people left")


@people.command("events")
@key_store_option
@json_option
def events(key_store: Path | None, as_json: bool) -> None:
    """List failed tries to open a key of this key store, after proving that none of the events was changed."""
    from curator.provenance.keystore import default_key_store
    from curator.provenance.security import events as load

    found = load(key_store or default_key_store())
    if as_json:
        emit_json({"events": found})
        return
    for number, event in enumerate(found, 1):
        say(f"{number:>6}  {event['at']}  {event['event']}  {event['person']}")
    if not found:
        say("no failed try on record")


def write_roster(place: Project, state: State) -> None:
    """Write people.toml anew from a ledger's state."""
    from curator.core.files import write_whole
    from curator.provenance.people import people_toml

    write_whole(place.people_file, people_toml(state.roster()))
