"""OQ: 21 CFR 11.100 and 11.200: a signature belongs to one person, whom a second one vouched for."""

from __future__ import annotations

from curator.core.canonical import canonical_bytes
from curator.validation.bench import FIRST_LABEL, LABELS, OTHER, READER, REVIEWER, Bench, Site
from curator.validation.checks.records import first_bad
from curator.validation.checks.signatures import resigned
from curator.validation.model import Register, expect, refused

check = Register()
PHRASE = b"a passphrase of this check"


@check(
    "OQ-11.100a-1",
    "11.100(a)",
    "A key belongs to one person and is never given to another.",
    "enrolling somebody else with a key in use, or with the operator's, is refused",
)
def one_key(bench: Bench) -> str:
    """Enroll a second person with the first one's key, before and after it was revoked."""
    from curator.provenance.enroll import revoke
    from curator.provenance.keys import PersonKey

    site = bench.filled()
    copied = PersonKey("reader-3", site.key(OTHER).signer)
    with refused("KEY-008"):
        site.enroll(site.request("reader-3", copied), REVIEWER)
    revoke(site.ledger, OTHER, "left the study", site.key(REVIEWER), bench.clock)
    with refused("KEY-008"):
        site.enroll(site.request("reader-3", copied), REVIEWER)
    with refused("KEY-008", "KEY-006"):
        site.enroll(site.request("reader-3", PersonKey("reader-3", site.operator)), REVIEWER)
    return "three refused with KEY-008"


@check(
    "OQ-11.100a-2",
    "11.100(a)",
    "A person's id is not given to another.",
    "a second enrollment under an id is refused; after a revocation, one with another printed name",
)
def one_id(bench: Bench) -> str:
    """Enroll another person under an id in use, and under one that was given up."""
    from curator.provenance.enroll import revoke

    site = bench.filled()
    other = site.fresh(OTHER)
    with refused("KEY-007"):
        site.enroll(site.request(OTHER, other), REVIEWER)
    revoke(site.ledger, OTHER, "left the study", site.key(REVIEWER), bench.clock)
    with refused("KEY-013"):
        site.enroll(site.request(OTHER, other, printed="Somebody Else"), REVIEWER)
    return "refused with KEY-007 and KEY-013"


@check(
    "OQ-11.100b-1",
    "11.100(b)",
    "Nobody vouches for themselves.",
    "self-enrollment is refused with KEY-006, for the first person and for a later one",
)
def vouched(bench: Bench) -> str:
    """Enroll oneself into an empty ledger and into one with people."""
    empty = bench.site("empty")
    with refused("KEY-006"):
        empty.enroll(empty.request(READER), READER)
    site = bench.filled()
    with refused("KEY-006", "KEY-009"):
        site.enroll(site.request("reader-3"), "reader-3")
    expect("reader-3" not in site.state().people, "a person enrolled themselves")
    return "refused with KEY-006 and KEY-009"


@check(
    "OQ-11.100b-2",
    "11.100(b)",
    "A request to be enrolled is made by who holds the key, and cannot be changed on its way.",
    "a changed name or role, and another's key, are refused with KEY-005",
)
def possession(bench: Bench) -> str:
    """Change a request, and put another key into one."""
    from curator.provenance.keys import encode64
    from curator.provenance.people import read_request

    site = bench.site()
    changes = {
        "printedName": "Somebody Else",
        "roles": ["adjudicator"],
        "publicKey": encode64(site.key(OTHER).signer.public),
    }
    for name, value in changes.items():
        request = site.request(READER)
        request["request"][name] = value
        with refused("KEY-005"):
            read_request(canonical_bytes(request))
    return "three refused with KEY-005"


@check(
    "OQ-11.200a1-1",
    "11.200(a)(1)",
    "A signature needs two components: an id and a passphrase.",
    "a wrong passphrase is refused with KEY-002, another id with KEY-001; the key is nowhere in clear",
)
def two_components(bench: Bench) -> str:
    """Make a key, open it with both components, and with one of them wrong."""
    from curator.provenance.keystore import create_key, unlock

    store = bench.folder / "keys"
    made = create_key(store, READER, PHRASE)
    expect(unlock(store, READER, PHRASE, bench.clock).signer.public == made.signer.public, "the key did not open")
    with refused("KEY-002"):
        unlock(store, READER, PHRASE + b"x", bench.clock)
    with refused("KEY-001"):
        unlock(store, OTHER, PHRASE, bench.clock)
    with refused("KEY-014"):
        create_key(store, OTHER, b"short")
    found = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    expect(PHRASE not in found, "the passphrase stands in the key store")
    return "refused with KEY-002, KEY-001 and KEY-014; opened with both"


@check(
    "OQ-11.200a2-1",
    "11.200(a)(2)",
    "A signature is used by its owner only.",
    "another's key under a person's id is refused by the writer and found by the verifier",
)
def owner(bench: Bench) -> str:
    """Sign as one reader with the other's key."""
    from curator.provenance.keys import PersonKey

    site = bench.filled()
    with refused("KEY-016"):
        site.sign(site.label(10), by=READER, key=PersonKey(READER, site.key(OTHER).signer))
    last = FIRST_LABEL + LABELS - 1
    forged = resigned(site, last, lambda _document: None, by=OTHER)
    expect(first_bad(site, [*site.envelopes()[:last], forged], checkpoints=False) == last, "another record was named")
    return f"refused with KEY-016; record {last} named"


@check(
    "OQ-11.200a3-1",
    "11.200(a)(3)",
    "Signing for somebody else takes more than one person: the operator alone cannot do it.",
    "a label signed with the operator's key is found; the operator cannot bring in a person alone",
)
def operator_alone(bench: Bench) -> str:
    """Forge a label and an enrollment with all that the operator has."""
    from curator.provenance.append import sign_drafts
    from curator.provenance.keys import PersonKey, decode64
    from curator.provenance.records import enrollment

    site = bench.filled()
    good, state = site.envelopes(), site.state()
    as_reader = PersonKey(READER, site.operator)
    label = sign_drafts([site.label(10)], as_reader, state, bench.clock.now())[0].envelope
    expect(first_bad(site, [*good, label]) == len(good), "another record was named")
    puppet = site.request("reader-3")
    draft = enrollment(puppet["request"], decode64(puppet["proof"]))
    for key in (PersonKey(REVIEWER, site.operator), PersonKey("operator", site.operator)):
        made = sign_drafts([draft], key, state, bench.clock.now())[0].envelope
        expect(first_bad(site, [*good, made]) == len(good), "another record was named")
    return "one label and two enrollments refused"


@check(
    "OQ-11.200a1-2",
    "11.200(a)(1)",
    "A signing session ends by itself, and each signing in it needs a component of the person.",
    "a wrong component is refused and noted, three in a row end it; so do idle time, its limit, and a clock set back",
)
def session(bench: Bench) -> str:
    """Run sessions by a clock of the check's own."""
    from curator.provenance.dsse import IN_TOTO, pae
    from curator.provenance.session_rules import Session

    site = bench.filled()
    now, noted = [1000.0], [0]

    def count() -> None:
        noted[0] += 1

    def begin() -> Session:
        now[0] = 1000.0
        how = {"idle": 60.0, "limit": 600.0}
        return Session(site.key(READER), [PHRASE], **how, tick=lambda: now[0], refused=count)

    made = begin()
    signed = _signed_bytes(site)
    expect(made.authorize(PHRASE), "the right component is refused")
    expect(made.sign(pae(IN_TOTO, signed)), "a session that was just opened does not sign")
    expect(not made.authorize(b"wrong") and noted[0] == 1, "a wrong component is taken, or not noted")
    for _ in range(2):
        made.authorize(b"wrong")
    expect(made.ended() is not None, "three wrong components do not end the session")
    for later in (1061.0, 1601.0, 999.0):
        made = begin()
        now[0] = later
        with refused("KEY-062"):
            made.sign(pae(IN_TOTO, signed))
    with refused("KEY-067"):
        begin().sign(b"anything else")
    return f"ended by {noted[0]} wrong components, idle time, limit and a clock set back; refused with KEY-062, KEY-067"


def _signed_bytes(site: Site) -> bytes:
    from curator.provenance.dsse import parse_envelope

    return parse_envelope(site.envelopes()[FIRST_LABEL]).payload
