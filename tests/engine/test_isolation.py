"""Who is to blame, decided without any process: the laws of the state machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curator.core.errors import CheckError
from curator.core.types import Shard
from curator.engine.isolation import DEATHS, Isolation

#: What happens to an item each time it is tried alone; when the list is over, it succeeds.
FATES = st.lists(st.lists(st.sampled_from(["die", "overdue", "time", "memory", "exception"]), max_size=5), max_size=5)


def verdict_of(fate):
    """Say independently what a list of happenings must lead to."""
    deaths = 0
    for event in fate:
        if event in {"overdue", "time"}:
            return "ENG-002"
        if event == "memory":
            return "ENG-003"
        if event == "exception":
            return "ENG-004"
        deaths += event == "die"
        if deaths == DEATHS:
            return "ENG-001"
    return None


@given(FATES)
def test_every_item_gets_one_row_in_order_and_the_verdict_it_deserves(fates):
    state = Isolation(Shard(0, tuple(range(len(fates)))))
    left = [list(fate) for fate in fates]
    for _ in range(200):
        step = state.step()
        if step[0] == "store":
            break
        if step[0] == "failed":
            state.row({"item": step[1], "code": step[2]})
            continue
        events = left[step[1]]
        if not events:
            state.row({"item": step[1], "code": None})
        else:
            match events.pop(0):
                case "die":
                    state.died(overdue=False)
                case "overdue":
                    state.died(overdue=True)
                case what:
                    state.fault(what, "", fresh=True)
    assert state.step()[2] == [{"item": at, "code": verdict_of(fate)} for at, fate in enumerate(fates)]


def test_memory_of_a_used_worker_is_no_proof():
    state = Isolation(Shard(0, ("a",)))
    assert state.fault("memory", "", fresh=False) is None
    assert state.step() == ("item", "a")
    assert state.fault("memory", "", fresh=True) == "ENG-003"


def test_deaths_are_counted_for_each_item_by_itself():
    state = Isolation(Shard(0, ("a", "b")))
    for _ in range(DEATHS - 1):
        assert state.died(overdue=False) is None
    state.row({})
    for _ in range(DEATHS - 1):
        assert state.died(overdue=False) is None
    assert state.died(overdue=False) == "ENG-001"


@pytest.mark.parametrize("items", [(), ("a",)])
def test_what_happens_outside_an_item_is_blamed_on_none(items):
    state = Isolation(Shard(0, items))
    if items:
        state.fault("exception", "", fresh=True)
    assert not state.on_item
    for _ in range(DEATHS - 1):
        state.died(overdue=False)
    with pytest.raises(CheckError):
        state.died(overdue=False)
    with pytest.raises(CheckError):
        state.fault("exception", "curator/x.py:1 ValueError", fresh=True)
