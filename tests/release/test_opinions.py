"""Which labels count when a package tells how far readers agree."""

from __future__ import annotations

from curator.provenance import roles, status
from curator.release.opinions import is_opinion, settles


def test_what_an_adjudication_decided_otherwise_stays_an_opinion() -> None:
    assert is_opinion(status.REVIEWED | status.RESOLVED, "human")
    assert is_opinion(0, None)
    for taken_back in (status.WITHDRAWN, status.SUPERSEDED, status.REJECTED):
        assert not is_opinion(taken_back | status.REVIEWED, "human")
    for nobody in ("model", "interpolated"):
        assert not is_opinion(0, nobody)


def test_the_label_that_settles_others_is_no_further_opinion() -> None:
    assert settles("consensus", "reader", "authorship")
    assert settles("read", "adjudicator", "authorship")
    assert not settles("read", "reader", "authorship")
    assert not settles("read", "adjudicator", roles.ATTESTATION)
