"""What a verdict makes of findings: nothing that is open ever helps a lot to pass."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import pytest

from curator.labels.quality import plans
from curator.labels.quality.collect import Collected, Finding, Signed, class_of
from curator.labels.quality.plans import Aim
from curator.labels.quality.seed import Seed, _fixed, order, seed_of
from curator.labels.quality.verdict import Drawn, decimal, verdict_of
from curator.provenance import records
from curator.provenance.state import Record

SEED = Seed(seed_of(b"dice 4 1 6"), "asserted", "rita")
LOT = Record(9, b"", records.AUDIT_LOT, [{"name": "lots/lot-1", "digest": {"sha256": "0" * 64}}], {"count": 0})


def signed(number: int) -> Signed:
    leaf = hashlib.sha256(b"%d" % number).hexdigest()
    guide = ("chest", "1")
    fields = (number, f"2.25.{number}", "clean/x", "ada", "read", "class", "a", guide, "", "", None, None, None)
    return Signed(f"l-{number}", leaf, *fields)


def judged(plan: plans.Plan, said: Sequence[str | None]) -> tuple[str, int, int]:
    labels = tuple(signed(number) for number in range(len(said)))
    found = Collected()
    for label, what in zip(labels, said, strict=True):
        if what is not None:
            found.findings[label.label] = [Finding(10, "lot-1", "rita", what)]
    made = verdict_of(LOT, [Drawn("all", plan, labels)], SEED, found)
    return made.outcome, made.strata[0].missing, made.strata[0].bad[1]


def test_the_order_of_a_draw_is_the_golden_one() -> None:
    assert SEED.value == hashlib.sha256(b"curator audit seed v1\ndice 4 1 6").digest()
    drawn = order(SEED.value, [signed(number) for number in range(6)])
    by_hand = sorted(
        range(6), key=lambda n: hmac.new(SEED.value, hashlib.sha256(b"%d" % n).digest(), "sha256").digest()
    )
    assert [one.place for one in drawn] == by_hand == GOLDEN


GOLDEN = [4, 1, 2, 5, 0, 3]


def test_an_ecdsa_signature_that_was_turned_into_its_other_form_gives_the_same_seed() -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    order_of_p256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    one, two = encode_dss_signature(77, 1234), encode_dss_signature(77, order_of_p256 - 1234)
    assert _fixed(one) == _fixed(two) != _fixed(encode_dss_signature(78, 1234))
    assert _fixed(b"\x01" * 256) == b"\x01" * 256


FIXED = plans.Plan(plans.SINGLE, 100, 4, 1, Aim())


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (["ok"] * 4, "accept"),
        (["ok", "ok", "ok", "wrong"], "accept"),
        (["ok", "ok", "wrong", "wrong"], "reject"),
        ([None, None, "wrong", "wrong"], "reject"),
        (["ok", "ok", "ok", None], "undecided"),
        (["ok", "ok", "wrong", "unclear"], "undecided"),
        (["ok", "ok", "ok", "unclear"], "accept"),
        (["ok", "ok", "unclear", "unclear"], "undecided"),
        ([None] * 4, "undecided"),
    ],
)
def test_an_unclear_or_missing_finding_never_helps_a_lot_to_pass(said: list[str | None], outcome: str) -> None:
    assert judged(FIXED, said)[0] == outcome


def test_a_sequential_test_ends_where_it_ends_and_not_at_a_later_label() -> None:
    plan = plans.sequential(None, Aim(aql="0.01", ltpd="0.2"))
    lines = plan.lines
    assert lines is not None
    early = next(n for n in range(1, plan.sample) if lines.accepted(n) >= 0)
    said: list[str | None] = ["ok"] * early + ["wrong"] * (plan.sample - early)
    assert judged(plan, said)[:2] == ("accept", 0)
    assert judged(plan, ["ok"] * (early - 1) + [None] + ["ok"] * 9)[0] == "undecided"
    worst = ["wrong"] * lines.rejected(2) + ["ok"] * plan.sample
    assert judged(plan, worst[: plan.sample])[0] == "reject"
    # Sound it would have been accepted, wrong it would have been rejected: nobody knows.
    unclear = ["unclear"] * 3 + ["ok"] * (plan.sample - 3)
    assert judged(plan, unclear)[0] == "undecided"


def test_shares_are_written_down_or_up_to_the_careful_side() -> None:
    assert [decimal(one) for one in (0, 1, 0.5, 0.12345678, 1 / 3)] == ["0", "1", "0.5", "0.123456", "0.333333"]
    assert [decimal(one, up=True) for one in (1 / 3, 0.0000001, 0.9999999)] == ["0.333334", "0.000001", "1"]


def test_the_class_of_a_value_is_found_in_all_its_forms() -> None:
    assert class_of({"class": "nodule", "box": [1, 2, 3, 4]}) == "nodule"
    assert class_of({"classes": ["a", "b"]}) == "a + b"
    assert class_of({"scale": "birads", "grade": {"$decimal": "3.5"}}) == "3.5"
    assert class_of({"scale": "birads", "grade": 0}) == "0"
    assert (class_of("mass"), class_of({"size": [1, 1]}), class_of(7)) == ("mass", "", "")
