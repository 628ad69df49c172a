"""OQ: 21 CFR 11.50 and 11.70: what a signature shows, and what it is tied to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from curator.core.canonical import canonical_bytes, strict_loads
from curator.validation.bench import FIRST_LABEL, LABELS, NAMES, READER, Bench, Site
from curator.validation.checks.records import first_bad
from curator.validation.model import Register, expect, refused

check = Register()


def resigned(site: Site, index: int, change: Callable[[dict[str, Any]], object], by: str = READER) -> bytes:
    """Change the statement of a record and sign it again with a person's key."""
    from curator.provenance.dsse import parse_envelope, sign_envelope

    document = strict_loads(parse_envelope(site.envelopes()[index]).payload)
    change(document)
    return sign_envelope(canonical_bytes(document), [site.key(by).signer])


@check(
    "OQ-11.50a-1",
    "11.50(a)",
    "A signed record holds who signed, when, and with what meaning.",
    "a record without one of them is refused, though its signature is good; so is an enrollment without a printed name",
)
def complete(bench: Bench) -> str:
    """Leave out each of them in turn."""
    from curator.provenance.people import read_request

    site = bench.filled()
    last = FIRST_LABEL + LABELS - 1
    for name in ("signer", "signedAt", "utcOffset", "meaning"):
        record = resigned(site, last, partial(_drop, name))
        named = first_bad(site, [*site.envelopes()[:last], record], checkpoints=False)
        expect(named == last, "another record was named")
    request = site.request("reader-3")
    request["request"].pop("printedName")
    with refused("KEY-005"):
        read_request(canonical_bytes(request))
    return "four records and one enrollment refused"


def _drop(name: str, statement: dict[str, Any]) -> None:
    del statement["predicate"][name]


@check(
    "OQ-11.50a-2",
    "11.50(a)",
    "The meaning of a signature is one of a closed list.",
    "another word is refused with LED-020",
)
def meaning(bench: Bench) -> str:
    """Sign with a meaning that is on no list."""
    site = bench.filled()
    with refused("LED-020"):
        site.sign(site.label(10, meaning="seen"), by=READER)
    return "refused with LED-020"


@check(
    "OQ-11.50b-1",
    "11.50(b)",
    "Every form for people's eyes shows printed name, time and meaning.",
    "the full view, the one-line view and the JSON view of each record show all three",
)
def shown(bench: Bench) -> str:
    """Look for the three in each view of each record of a person."""
    from curator.provenance.view import as_document, describe, summary

    site = bench.filled()
    state, count = site.state(), 0
    for record in site.records()[1:]:
        said = record.predicate
        wanted = (NAMES[said["signer"]], said["signedAt"], said["meaning"])
        full = "\n".join(text for _, text in describe(record, state))
        document = as_document(record, state)
        found = str((document["printedName"], document["predicate"]))
        for form in (full, summary(record, state), found):
            expect(all(text in form for text in wanted), "a view lacks name, time or meaning")
        count += 1
    return f"three views of {count} records"


@check(
    "OQ-11.70-1",
    "11.70",
    "A signature cannot be cut out and put under another record.",
    "exit 4, the record named",
)
def cut_out(bench: Bench) -> str:
    """Exchange the signatures of two labels."""
    site = bench.filled()
    good = site.envelopes()
    one, two = (strict_loads(good[at]) for at in (FIRST_LABEL, FIRST_LABEL + 1))
    one["signatures"] = two["signatures"]
    named = first_bad(site, [*good[:FIRST_LABEL], canonical_bytes(one), *good[FIRST_LABEL + 1 :]])
    expect(named == FIRST_LABEL, "another record was named")
    return f"record {FIRST_LABEL} named"


@check(
    "OQ-11.70-2",
    "11.70",
    "A signed record cannot be moved to another dataset or another place.",
    "exit 4 for a record of another ledger with the same people, and for one at another place",
)
def moved(bench: Bench) -> str:
    """Put a record of one ledger into another one, and append a record a second time."""
    from curator.provenance.append import sign_drafts

    site = bench.filled()
    good = site.envelopes()
    foreign = bench.filled("other", "elsewhere")
    last = len(good) - 1
    state = foreign.state()
    made = sign_drafts([foreign.label(last)], site.key(READER), state, bench.clock.now())[0].envelope
    for envelopes in ([*good[:last], made], [*good[:last], foreign.envelopes()[last]], [*good, good[last]]):
        expect(first_bad(site, envelopes, checkpoints=False) == min(len(envelopes) - 1, len(good)), "another was named")
    return "two records of another dataset and one repeated refused"


@check(
    "OQ-11.70-3",
    "11.70",
    "A signature covers the sample and the value: neither can be exchanged under it.",
    "exit 4 for another sample's digest and for another value under the same signature",
)
def bound(bench: Bench) -> str:
    """Change subject and value and keep the signature."""
    from curator.provenance.dsse import parse_envelope
    from curator.provenance.keys import encode64

    site = bench.filled()
    good = site.envelopes()
    for change in (_other_sample, _other_value, _other_time):
        envelope = strict_loads(good[FIRST_LABEL])
        statement = strict_loads(parse_envelope(good[FIRST_LABEL]).payload)
        change(statement)
        envelope["payload"] = encode64(canonical_bytes(statement))
        named = first_bad(site, [*good[:FIRST_LABEL], canonical_bytes(envelope), *good[FIRST_LABEL + 1 :]])
        expect(named == FIRST_LABEL, "another record was named")
    return "another sample, value and time refused"


def _other_sample(statement: dict[str, Any]) -> None:
    statement["subject"][0]["digest"]["sha256"] = "0" * 64


def _other_value(statement: dict[str, Any]) -> None:
    statement["predicate"]["value"] = {"nodules": 9}


def _other_time(statement: dict[str, Any]) -> None:
    statement["predicate"]["signedAt"] = "2026-01-01T00:00:00Z"
