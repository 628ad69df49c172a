"""OQ: 21 CFR 11.300: identification codes and passphrases, their loss, their misuse, and tests of keys."""

from __future__ import annotations

from curator.validation.bench import FIRST_LABEL, LABELS, OTHER, READER, REVIEWER, Bench
from curator.validation.model import Register, expect, refused

check = Register()
PHRASE = b"a passphrase of this check"


@check(
    "OQ-11.300a-1",
    "11.300(a)",
    "No two people have the same id and key.",
    "of the enrolled people, ids and keys are all different; a second key file under an id is refused with KEY-004",
)
def unique(bench: Bench) -> str:
    """Look at the roster, and make a key twice."""
    from curator.provenance.keystore import create_key

    people = bench.filled().state().active()
    expect(len({one.id for one in people}) == len({one.public for one in people}) == len(people) == 3, "not unique")
    create_key(bench.folder / "keys", READER, PHRASE)
    with refused("KEY-004"):
        create_key(bench.folder / "keys", READER, PHRASE)
    return f"{len(people)} people, all different; refused with KEY-004"


@check(
    "OQ-11.300b-1",
    "11.300(b)",
    "A key can be recalled at a periodic check.",
    "the roster shows who holds a valid key since when; a revoked one is shown as such with the reason",
)
def recalled(bench: Bench) -> str:
    """Revoke a key and read the roster."""
    from curator.provenance.enroll import revoke
    from curator.provenance.people import as_documents

    site = bench.filled()
    revoke(site.ledger, OTHER, "yearly check", site.key(REVIEWER), bench.clock)
    shown = {one["id"]: one for one in as_documents(site.state().roster())}
    expect(shown[OTHER].get("revoked_reason") == "yearly check", "the revocation is not shown with its reason")
    expect("revoked_record" not in shown[READER] and "enrolled_record" in shown[READER], "the roster is not right")
    return f"{len(shown)} keys on the roster, 1 revoked with its reason"


@check(
    "OQ-11.300c-1",
    "11.300(c)",
    "A lost key is taken out of use at once; what it signed before stays valid.",
    "after the revocation signing is refused with KEY-010, earlier records verify",
)
def lost(bench: Bench) -> str:
    """Revoke a reader's key, and sign with it again."""
    from curator.provenance.enroll import revoke

    site = bench.filled()
    revoke(site.ledger, READER, "laptop lost", site.key(REVIEWER), bench.clock)
    with refused("KEY-010"):
        site.sign(site.label(10), by=READER)
    report = site.verify().require()
    expect(report.size == FIRST_LABEL + LABELS + 1, "records are missing")
    expect(len({one.predicate["signer"] for one in site.records()[FIRST_LABEL:]}) == 2, "earlier labels are gone")
    return f"refused with KEY-010; {LABELS} labels signed before stay valid"


@check(
    "OQ-11.300c-2",
    "11.300(c)",
    "A replacement key is given under the same control as the first.",
    "the new key needs a second person, then signs; the old one stays refused",
)
def replaced(bench: Bench) -> str:
    """Revoke, enroll the same person with a new key, sign with the new and with the old one."""
    from curator.provenance.enroll import revoke

    site = bench.filled()
    old, new = site.key(READER), site.fresh(READER)
    revoke(site.ledger, READER, "laptop lost", site.key(REVIEWER), bench.clock)
    site.enroll(site.request(READER, new), REVIEWER)
    with refused("KEY-016"):
        site.sign(site.label(10), by=READER, key=old)
    site.sign(site.label(10), by=READER, key=new)
    expect(site.verify().error is None, "the ledger does not verify")
    return "the old key refused with KEY-016, the new one signs"


@check(
    "OQ-11.300d-1",
    "11.300(d)",
    "Attempts at unauthorized use are recorded.",
    "each wrong passphrase leaves an event with person and time; a right one leaves none",
)
def attempts(bench: Bench) -> str:
    """Try a wrong passphrase twice and the right one once."""
    from curator.provenance.keystore import create_key, unlock
    from curator.provenance.security import events

    store = bench.folder / "keys"
    create_key(store, READER, PHRASE)
    unlock(store, READER, PHRASE, bench.clock)
    expect(not events(store), "an event without an attempt")
    for wrong in (b"wrong passphrase", b"another wrong one"):
        with refused("KEY-002"):
            unlock(store, READER, wrong, bench.clock)
    found = events(store)
    expect([(one["event"], one["person"]) for one in found] == [("unlock-failed", READER)] * 2, "events are missing")
    expect(all(one["at"] for one in found), "an event has no time")
    return f"{len(found)} attempts, {len(found)} events"


@check(
    "OQ-11.300d-2",
    "11.300(d)",
    "The record of attempts shows when it was altered.",
    "a changed event and a missing one are found with KEY-020",
)
def chained(bench: Bench) -> str:
    """Change an event, and take one away."""
    from curator.provenance.security import events, record_failure

    store = bench.folder / "keys"
    for _ in range(3):
        record_failure(store, READER, bench.clock)
    expect(len(events(store)) == 3, "events are missing")
    first, second = sorted((store / "security").glob("*.json"))[:2]
    kept = first.read_bytes()
    first.write_bytes(kept.replace(READER.encode(), OTHER.encode()))
    with refused("KEY-020"):
        events(store)
    first.write_bytes(kept)
    second.unlink()
    with refused("KEY-020"):
        events(store)
    return "changed and missing events found with KEY-020"


@check(
    "OQ-11.300d-3",
    "11.300(d)",
    "A vault records who tried to open it.",
    "a failed and a good opening stand in its record; a changed entry is found with VLT-003",
)
def vault_openings(bench: Bench) -> str:
    """Open a vault with a wrong and with the right passphrase, then change the record."""
    from curator.project.vault import Vault

    folder = bench.folder / "vault"
    Vault.create(folder, PHRASE, clock=bench.clock)
    with refused("VLT-002"):
        Vault.open(folder, b"another passphrase", purpose="check", clock=bench.clock)
    vault = Vault.open(folder, PHRASE, purpose="check", clock=bench.clock)
    purposes = [one["purpose"] for one in vault.openings()]
    expect(purposes == ["created", "failed", "check"], "the record of openings is not right")
    path = sorted((folder / "openings").glob("*.json"))[1]
    path.write_bytes(path.read_bytes().replace(b"failed", b"opened"))
    with refused("VLT-003"):
        vault.openings()
    return "failed and good openings recorded; a changed entry refused with VLT-003"


@check(
    "OQ-11.300e-1",
    "11.300(e)",
    "A key can be tested, and a key that does not work right is told from one that does.",
    "a challenge signed by the key verifies; a key file whose public half was exchanged is refused with KEY-003",
)
def tested(bench: Bench) -> str:
    """Sign a challenge with a stored key, then exchange its public half."""
    import os

    from curator.core.canonical import strict_loads
    from curator.provenance.keys import encode64, verify
    from curator.provenance.keystore import create_key, key_path, unlock

    store, challenge = bench.folder / "keys", os.urandom(32)
    create_key(store, READER, PHRASE)
    signer = unlock(store, READER, PHRASE, bench.clock).signer
    made = signer.sign(challenge)
    expect(verify(signer.public, made, challenge), "the key's signature does not verify")
    expect(not verify(signer.public, made, challenge[::-1]), "a signature over other bytes verifies")
    path = key_path(store, READER)
    document = strict_loads(path.read_bytes())
    other = bench.site().key(OTHER).signer.public
    from curator.core.canonical import canonical_bytes

    path.write_bytes(canonical_bytes({**document, "publicKey": encode64(other)}))
    with refused("KEY-003", "KEY-002"):
        unlock(store, READER, PHRASE, bench.clock)
    return "challenge verifies; a damaged key file refused"
