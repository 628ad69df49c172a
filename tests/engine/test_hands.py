"""An item's parts done by more processes: in order, the same as by one, whatever becomes of a hand."""

import contextlib
import os
import signal
import sys
import time

import pytest

from curator.core import strides
from curator.core.errors import ItemError
from curator.engine import hands

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")


@pytest.fixture
def lent(monkeypatch):
    """Lend processes while a large file is worked on: a list of how many, of which the last one stays."""
    told = []

    def lend(*numbers):
        told[:] = numbers
        hands.lend(lambda: told.pop(0) if len(told) > 1 else told[0])

    monkeypatch.setattr(strides, "LARGE", 1)
    strides.listen(lambda *_: None)
    with strides.over(100):
        yield lend
    hands.lend(None)
    strides.listen(None)


def children():
    path = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    with open(path, encoding="ascii") as stream:
        return stream.read().split()


def squares(number):
    time.sleep(0.002 * (number % 3))
    return number * number, os.getpid()


def test_results_come_in_order_from_several_processes_and_none_is_left(lent):
    before = children()
    lent(2)
    made = list(hands.spread(range(60), squares))
    assert [square for square, _ in made] == [number * number for number in range(60)]
    assert len({pid for _, pid in made}) == 3
    assert os.getpid() not in {pid for _, pid in made}
    assert children() == before


@pytest.mark.parametrize("numbers", [(0,), (0, 0, 0, 2), (3, 3, 3, 0), (1, 0, 2, 0, 1, 0), (2, 1)])
def test_hands_may_come_and_go(lent, numbers):
    before = children()
    lent(*numbers)
    assert [square for square, _ in hands.spread(range(40), squares)] == [number * number for number in range(40)]
    assert children() == before


def test_none_is_asked_for_a_small_file_a_single_part_or_where_nobody_lends(lent):
    mine = os.getpid()
    lent(3)
    assert list(hands.spread([3], squares)) == [(9, mine)]
    with strides.over(0):
        assert {pid for _, pid in hands.spread(range(5), squares)} == {mine}
    hands.lend(None)
    assert {pid for _, pid in hands.spread(range(5), squares)} == {mine}
    assert list(hands.spread([], squares)) == []


def test_what_a_hand_cannot_do_is_raised_in_its_turn(lent):
    lent(2)
    seen = []

    def work(number):
        if number >= 7:
            raise ItemError("TXT-006")
        return number

    with pytest.raises(ItemError, match="TXT-006"):
        put_into(seen, hands.spread(range(30), work))
    assert seen == list(range(7))


def put_into(seen, results):
    for one in results:
        seen.append(one)


def test_what_reading_raises_waits_for_what_stands_before_it(lent):
    def parts():
        yield from range(5)
        raise ItemError("JSN-001")

    for numbers in ((0,), (2,)):
        lent(*numbers)
        seen = []
        with pytest.raises(ItemError, match="JSN-001"):
            put_into(seen, hands.spread(parts(), lambda number: number))
        assert seen == list(range(5))


def test_a_hand_that_dies_is_replaced_and_its_part_done(lent, tmp_path):
    lent(2)
    mine = os.getpid()

    def work(number):
        if number % 5 == 2 and os.getpid() != mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    before = children()
    assert list(hands.spread(range(25), work)) == list(range(25))
    assert children() == before


def test_a_hand_that_runs_out_of_memory_or_exits_leaves_the_part_to_the_worker(lent):
    lent(1)
    mine = os.getpid()

    def work(number):
        if os.getpid() != mine and number == 4:
            raise MemoryError
        if os.getpid() != mine and number == 6:
            raise SystemExit
        return number

    with contextlib.redirect_stderr(None):
        assert list(hands.spread(range(9), work)) == list(range(9))


@pytest.mark.parametrize("what", ["fork", "pipe"])
@pytest.mark.parametrize("least", [0, 1])
def test_where_the_system_gives_no_more_processes_those_that_there_are_do(lent, monkeypatch, what, least):
    before, given = children(), []
    plain = os.fork if what == "fork" else hands.Pipe

    def scarce():
        if len(given) >= least:
            raise OSError(11, "no more")
        given.append(1)
        return plain()

    monkeypatch.setattr(*((os, "fork") if what == "fork" else (hands, "Pipe")), scarce)
    lent(2)
    made = list(hands.spread(range(30), squares))
    assert [square for square, _ in made] == [number * number for number in range(30)]
    assert len({pid for _, pid in made}) == 1
    assert ({pid for _, pid in made} == {os.getpid()}) == (least == 0)
    assert children() == before


def test_hands_end_when_nobody_takes_any_more(lent):
    before = children()
    lent(2)
    results = hands.spread(range(1000), squares)
    assert next(results)[0] == 0
    results.close()
    assert children() == before


def test_an_interrupt_of_the_worker_ends_them(lent):
    before = children()
    lent(2)

    def late(_signal, _frame):
        raise TimeoutError

    worker = os.getpid()

    def slow(number):
        if number == 1:  # both are at work: an interrupt while one is forked would be lost
            time.sleep(0.2)
            os.kill(worker, signal.SIGALRM)
        time.sleep(30)

    old = signal.signal(signal.SIGALRM, late)
    try:
        with pytest.raises(TimeoutError):
            list(hands.spread(range(4), slow))
    finally:
        signal.signal(signal.SIGALRM, old)
    assert children() == before


def test_parts_are_as_large_as_asked_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(hands, "PART", 10)
    monkeypatch.setattr(hands, "EACH", 0)
    made = list(hands.parts_of(["a" * 4, "b" * 7, "c" * 30, "d", ""], len))
    assert [[len(one) for one in part] for part in made] == [[4, 7], [30], [1, 0]]
    assert list(hands.parts_of([], len)) == []


def test_empty_items_do_not_pile_up():
    made = list(hands.parts_of([""] * 5000, len))
    assert sum(map(len, made)) == 5000
    assert max(map(len, made)) <= hands.PART // hands.EACH


def test_a_hand_knows_that_it_is_one(lent):
    lent(1)
    assert not hands.away()
    assert set(hands.spread(range(4), lambda _: hands.away())) == {True}
    assert not hands.away()
