"""OQ: 21 CFR 11.10(b), (e), (i), 11.300(b), (d), (e): training, keys over time, sealed events, copies of the log."""

from __future__ import annotations

from datetime import timedelta

from curator.core.clock import FixedClock
from curator.validation.bench import OTHER, READER, REVIEWER, Bench, Site
from curator.validation.model import Register, expect, refused

check = Register()
PHRASE = b"a passphrase of this check"


def allow(_text: str) -> bool:
    """Stand in for the guard against identifiers: the texts of these checks are the program's own."""
    return True


def later(site: Site, days: int) -> None:
    """Set a site's own clock forward by some days, or back."""
    site.clock = FixedClock(site.clock.now() + timedelta(days=days))


def _day(site: Site, days: int) -> str:
    return (site.clock.now() + timedelta(days=days)).date().isoformat()


@check(
    "OQ-11.10i-2",
    "11.10(i)",
    "A training is recorded by somebody else, and a lapsed one stops signatures under labels.",
    "stating one's own training is refused; within the term labels are signed, after it not",
)
def trained(bench: Bench) -> str:
    """Record a training, sign within its term, and after it."""
    from curator.provenance.kinds_people import training

    site = bench.filled()
    draft = training(READER, "nodules@1.0", _day(site, 30), "ab" * 32, allow)
    with refused("KEY-030"):
        site.sign(draft, by=READER)
    site.sign(draft, by=REVIEWER)
    site.sign(site.label(10), by=READER)
    later(site, 40)
    with refused("KEY-034"):
        site.sign(site.label(11), by=READER)
    return "refused with KEY-030 and KEY-034; within the term a label is signed"


@check(
    "OQ-11.300b-2",
    "11.300(b)",
    "A key ages: after its last day it signs no more.",
    "a key with a last day signs until then and is refused with KEY-031 afterwards",
)
def aged(bench: Bench) -> str:
    """Enroll a person with a last day, sign before and after it."""
    site = bench.filled()
    site.enroll(site.request("reader-3", expires=_day(site, 30)), REVIEWER)
    site.sign(site.label(10, author="reader-3"), by="reader-3")
    later(site, 40)
    with refused("KEY-031"):
        site.sign(site.label(11, author="reader-3"), by="reader-3")
    expect(site.verify().error is None, "what was signed before is not valid any more")
    return "signed before its last day, refused with KEY-031 after it"


@check(
    "OQ-11.300b-3",
    "11.300(b)",
    "A key can be changed for a next one, by its owner.",
    "the next key signs, the old one is refused, earlier records stay valid; another's request is refused",
)
def changed(bench: Bench) -> str:
    """Change a reader's key, and use both."""
    from curator.provenance.kinds_people import rotation, rotation_request

    site = bench.filled()
    old, new = site.key(READER), site.fresh(READER)
    request, proof = rotation_request(READER, old.signer.public, new.signer, bench.clock)
    draft = rotation(request, proof, "yearly change", allow)
    with refused("KEY-037"):
        site.sign(draft, by=OTHER)
    site.sign(draft, by=READER)
    with refused("KEY-016"):
        site.sign(site.label(10), by=READER, key=old)
    site.sign(site.label(10), by=READER, key=new)
    expect(site.verify().error is None, "the ledger does not verify")
    return "refused with KEY-037 and KEY-016; the next key signs"


@check(
    "OQ-11.10e-8",
    "11.10(e)",
    "With a clock that was set back nothing is signed.",
    "refused with LED-078, nothing added",
)
def set_back(bench: Bench) -> str:
    """Set the clock back by a day, and sign."""
    site = bench.filled()
    size = site.state().size
    later(site, -1)
    with refused("LED-078"):
        site.sign(site.label(10, labeledAt="2020-01-01T00:00:00Z"), by=READER)
    expect(site.state().size == size, "a record was added")
    return "refused with LED-078, nothing added"


@check(
    "OQ-11.300d-4",
    "11.300(d)",
    "Repeated attempts are stopped for a while, and sealed into the signed records.",
    "after five wrong passphrases the right one is refused with KEY-039; a log that was cut afterwards is found",
)
def stopped(bench: Bench) -> str:
    """Try wrong passphrases, seal the log into the ledger, then cut the log."""
    from curator.provenance.event_logs import key_log, seal_draft
    from curator.provenance.keystore import create_key, unlock
    from curator.provenance.security import MOST_FAILURES, record_failure

    site, store = bench.filled(), bench.folder / "keys"
    create_key(store, READER, PHRASE)
    with refused("KEY-002"):
        unlock(store, READER, b"wrong passphrase", bench.clock)
    for _ in range(MOST_FAILURES - 1):
        record_failure(store, READER, bench.clock)
    with refused("KEY-039"):
        unlock(store, READER, PHRASE, bench.clock)
    draft = seal_draft(site.state(), key_log(store))
    expect(draft is not None, "there is nothing to seal")
    if draft is not None:
        site.sign(draft, by=REVIEWER)
    said = site.records()[-1].predicate
    expect(said["count"] == MOST_FAILURES + 1, "the record does not count every attempt")
    (store / "security" / f"{MOST_FAILURES + 1:08d}.json").unlink()
    with refused("KEY-040"):
        seal_draft(site.state(), key_log(store))
    return f"refused with KEY-039; {said['count']} events sealed; a cut log found with KEY-040"


@check(
    "OQ-11.300e-2",
    "11.300(e)",
    "A person's key can be tested against the roster.",
    "a sound key passes every test, one that signs wrong is refused with KEY-041",
)
def self_tested(bench: Bench) -> str:
    """Test a good key, and a device that signs other bytes than it was given."""
    from curator.provenance.keys import PersonKey
    from curator.provenance.review import self_test

    site = bench.filled()
    good = site.key(READER)

    class Faulty:
        """A device with the right public key that signs other bytes."""

        @property
        def public(self) -> bytes:
            """The raw public key."""
            return good.signer.public

        def sign(self, data: bytes) -> bytes:
            """Sign other bytes."""
            return good.signer.sign(data[:-1])

    passed = self_test(site.state(), good)
    with refused("KEY-041"):
        self_test(site.state(), PersonKey(READER, Faulty()))
    return f"{len(passed)} tests passed; a faulty device refused with KEY-041"


@check(
    "OQ-11.10b-5",
    "11.10(b)",
    "Copies for people (HTML) and for their programs (CSV) hold every record and can be compared with the ledger.",
    "both are complete; a changed printed name or value in either is found",
)
def copies(bench: Bench) -> str:
    """Write both copies, compare them, change a word in each, and compare again."""
    from curator.provenance.copies import check_copy, csv_lines, html_parts
    from curator.provenance.log import Log

    site = bench.filled()
    log, count = Log.of(site.ledger), 0
    for name, parts in (("log.html", html_parts(log)), ("log.csv", csv_lines(log))):
        path = bench.folder / name
        data = b"".join(parts)
        path.write_bytes(data)
        found = check_copy(path, log)
        expect(found.complete or name == "log.csv", "the copy is not complete")
        expect(found.records == log.report.size, "the copy does not hold every record")
        expect(data.count(b"Robin Reader") >= 3, "the copy does not show printed names")
        path.write_bytes(data.replace(b"Robin Reader", b"Robin Writer", 2))
        with refused("LED-089", "LED-085"):
            check_copy(path, log)
        count += found.records
    return f"{count} records in two copies; changed ones refused with LED-089"
