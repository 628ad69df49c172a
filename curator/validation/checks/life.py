"""OQ: 21 CFR 11.10(e), (f), (g), 11.70: the life of a label after it was signed."""

from __future__ import annotations

from curator.validation.bench import ADJUDICATOR, FIRST_LABEL, READER, REVIEWER, Bench, Site
from curator.validation.model import Register, expect, refused

check = Register()
REASON = "the box is cut off"


def allow(_text: str) -> bool:
    """Stand in for the guard against identifiers: the texts of these checks are the program's own."""
    return True


@check(
    "OQ-11.10f-3",
    "11.10(f)",
    "A label is signed, reviewed, and then approved, in this order, and not by its own author.",
    "approval before review, review of one's own label, and anything after a rejection are refused",
)
def order(bench: Bench) -> str:
    """Take the steps out of order, then in order."""
    from curator.provenance import kinds_life

    site = bench.filled()
    one, two = site.named(0, 1)
    with refused("LED-065"):
        site.sign(kinds_life.approved([one]), by=REVIEWER)
    site.sign(site.label(20, author=REVIEWER, role="reviewer"), by=REVIEWER)
    with refused("LED-062"):
        site.sign(kinds_life.reviewed(site.named(20), "accepted", None, allow), by=REVIEWER)
    site.sign(kinds_life.reviewed([one], "accepted", None, allow), by=REVIEWER)
    site.sign(kinds_life.approved([one]), by=REVIEWER)
    site.sign(kinds_life.reviewed([two], "rejected", REASON, allow), by=REVIEWER)
    with refused("LED-064"):
        site.sign(kinds_life.reviewed([two], "accepted", None, allow), by=REVIEWER)
    with refused("LED-064", "LED-065"):
        site.sign(kinds_life.approved([two]), by=REVIEWER)
    expect(site.verify().error is None, "the right order was refused")
    return "refused with LED-065, LED-062 and LED-064; the right order is taken"


@check(
    "OQ-11.10g-3",
    "11.10(g)",
    "Differing labels are resolved by an adjudicator, about one sample, after review.",
    "a reviewer, labels of two samples, and a label that nobody reviewed are refused",
)
def adjudication(bench: Bench) -> str:
    """Adjudicate against each rule, then by them."""
    from curator.provenance import kinds_life

    site = bench.filled()
    site.enroll(site.request(ADJUDICATOR), REVIEWER)
    site.sign(site.label(21, sample=0), by=READER)
    one, other, two = site.named(0, 21, 1)
    with refused("LED-065"):
        site.sign(kinds_life.adjudicated([one, other], one, REASON, allow), by=ADJUDICATOR)
    site.sign(kinds_life.reviewed([one, other, two], "accepted", None, allow), by=REVIEWER)
    with refused("KEY-011"):
        site.sign(kinds_life.adjudicated([one, other], one, REASON, allow), by=REVIEWER)
    with refused("LED-066"):
        site.sign(kinds_life.adjudicated([one, two], one, REASON, allow), by=ADJUDICATOR)
    site.sign(kinds_life.adjudicated([one, other], one, REASON, allow), by=ADJUDICATOR)
    return "refused with LED-065, KEY-011 and LED-066; an adjudicator's is taken"


@check(
    "OQ-11.10e-5",
    "11.10(e)",
    "A withdrawn label stays readable, with who withdrew it and why.",
    "a withdrawal without a reason is refused; afterwards the label is as it was, and no step may follow",
)
def withdrawal(bench: Bench) -> str:
    """Withdraw a label, with and without a reason, and read it again."""
    from curator.provenance import kinds_life

    site = bench.filled()
    before = site.records()[FIRST_LABEL]
    (one,) = site.named(0)
    with refused("LED-024"):
        site.sign(kinds_life.withdrawn([one], " ", allow), by=READER)
    site.sign(kinds_life.withdrawn([one], REASON, allow), by=READER)
    records = site.records()
    said = records[-1].predicate
    expect(records[FIRST_LABEL] == before, "the withdrawn label is not what it was")
    expect((said["reason"], said["signer"]) == (REASON, READER), "the withdrawal does not say who and why")
    with refused("LED-063"):
        site.sign(kinds_life.reviewed([one], "accepted", None, allow), by=REVIEWER)
    return f"record {FIRST_LABEL} unchanged, withdrawn by record {records[-1].index} with a reason"


@check(
    "OQ-11.70-4",
    "11.70",
    "A later step names the very record that it is about.",
    "a review that names a label with another hash, or a label that does not exist, is refused",
)
def named(bench: Bench) -> str:
    """Review a label under another leaf hash, and one that nobody signed."""
    from curator.provenance import kinds_life

    site: Site = bench.filled()
    one, two = site.named(0, 1)
    for label in (one._replace(leaf=two.leaf), one._replace(label="label-99")):
        with refused("LED-060", "LED-061"):
            site.sign(kinds_life.reviewed([label], "accepted", None, allow), by=REVIEWER)
    return "refused with LED-061 and LED-060"
