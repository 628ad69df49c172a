"""What becomes of the rest when one item, one worker or one shard goes wrong."""

import contextlib
import json
import os
import random
import signal
import sys
import threading
import time
from multiprocessing import Pipe

import pytest
from engine_tasks import SECRET, BadStart, Counted, Deeds, Unreadable, shards_of

from curator.core import strides
from curator.core.errors import CheckError
from curator.core.types import Shard
from curator.engine import worker
from curator.engine.local import LocalEngine


def run(folder, items, *, size=4, task=None, engine=None, shards=None, commit=None):
    """Run items and return rows by number, the stats, and what advance was told."""
    steps = []
    committed = []

    def remember(shard, receipt):
        committed.append(shard.number)
        assert receipt == len(shard.items)

    stats = (engine or LocalEngine(2)).run(
        task or Deeds(str(folder)),
        shards if shards is not None else shards_of(items, size),
        commit=commit or remember,
        advance=steps.append,
    )
    assert len(set(committed)) == len(committed)
    return rows_in(folder), stats, steps


def rows_in(folder):
    rows = {}
    for entry in (folder / "rows").glob("[0-9]*.json"):
        for row in json.loads(entry.read_bytes()):
            assert row["number"] not in rows
            rows[row["number"]] = row
    return rows


def plain(number):
    return {"number": number, "square": number * number}


def ok(count):
    return [("ok", number) for number in range(count)]


def test_a_large_item_tells_how_far_it_is_until_it_is_done(tmp_path):
    told = []
    LocalEngine(1).run(
        Deeds(str(tmp_path)),
        shards_of([("large", 0), ("ok", 1)], 2),
        commit=lambda _shard, _receipt: None,
        advance=lambda _count: None,
        within=lambda done, size: told.append((done, size)),
    )
    assert told == [(0, strides.LARGE), (0, 0)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
def test_a_large_item_at_the_end_gets_the_workers_that_stand_idle(tmp_path):
    run(tmp_path, [("nap", 0), ("nap", 1), ("in_parts", 2), ("ok", 3)], size=1, engine=LocalEngine(2))
    assert (tmp_path / "hands-2").read_text() == "2"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
def test_a_worker_that_was_lent_some_does_its_next_items_as_ever(tmp_path):
    items = [("in_parts", 0), ("ok", 1), ("in_parts", 2), ("ok", 3)]
    rows, stats, _ = run(tmp_path, items, size=4, engine=LocalEngine(3))
    assert rows == {n: plain(n) for n in range(4)}
    assert int((tmp_path / "hands-0").read_text()) >= 2
    assert int((tmp_path / "hands-2").read_text()) >= 2
    assert (stats.started, stats.died, stats.isolated) == (1, 0, 0)


def test_an_item_that_goes_on_is_not_stuck(tmp_path, monkeypatch):
    ours, theirs = Pipe()
    monkeypatch.setattr(worker, "BEAT", 0.0)
    before = signal.getsignal(signal.SIGALRM)
    try:
        one = worker.Worker(theirs, Deeds(str(tmp_path)), 0.25, None)
        strides.listen(one.stride)
        assert one.answer(("item", ("large_and_slow", 3))) == ("row", plain(3))
    finally:
        strides.listen(None)
        signal.signal(signal.SIGALRM, before)
    assert [ours.recv()[0] for _ in range(4)] == ["stride"] * 4


def test_every_item_is_done_once_and_counted_once(tmp_path):
    rows, stats, steps = run(tmp_path, ok(50))
    assert rows == {n: plain(n) for n in range(50)}
    assert (stats.shards, stats.items, stats.died, stats.isolated, stats.incidents) == (13, 50, 0, 0, ())
    assert sum(steps) == 50
    assert all(step > 0 for step in steps)


def test_no_shards_start_no_worker(tmp_path):
    stats = LocalEngine(2).run(Deeds(str(tmp_path)), [], commit=pytest.fail, advance=pytest.fail)
    assert (stats.shards, stats.started) == (0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker is a process of its own")
@pytest.mark.parametrize("killed", [False, True])
def test_a_second_run_finds_the_process_that_starts_workers_or_starts_another(tmp_path, killed):
    engine = LocalEngine(2)
    parents = []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        rows, _, _ = run(folder, [("parent", 0), ("ok", 1)], engine=engine)
        assert rows == {0: plain(0), 1: plain(1)}
        parents.append(int((folder / "parent-0").read_text()))
        if killed:
            os.kill(parents[-1], signal.SIGKILL)
    assert len(set(parents)) == (3 if killed else 1)


def test_after_a_run_that_was_stopped_the_next_one_starts_afresh(tmp_path):
    engine = LocalEngine(1)
    with pytest.raises(CheckError):
        run(tmp_path, [("stop", 0)], engine=engine)
    with pytest.raises(CheckError):
        run(tmp_path, ok(1), engine=engine, task=BadStart(str(tmp_path)))
    rows, _, _ = run(tmp_path, ok(2), engine=engine)
    assert rows == {0: plain(0), 1: plain(1)}


def test_one_shard_starts_one_worker_only(tmp_path):
    _, stats, _ = run(tmp_path, ok(4), engine=LocalEngine(8))
    assert stats.started == 1


def test_even_one_worker_is_a_process_of_its_own(tmp_path):
    rows, stats, _ = run(tmp_path, [*ok(3), ("die", 3)], engine=LocalEngine(1))
    assert rows[3] == {"number": 3, "code": "ENG-001"}
    assert stats.died == 4


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker opens the task for itself")
def test_the_task_is_opened_once_however_many_workers_there_are_and_die(tmp_path):
    items = [("die" if n == 5 else "nap", n) for n in range(40)]
    rows, stats, _ = run(tmp_path, items, task=Counted(str(tmp_path)), engine=LocalEngine(3))
    assert rows == {n: plain(n) for n in range(40)} | {5: {"number": 5, "code": "ENG-001"}}
    opened, done = ({*(tmp_path / name).read_text().split()} for name in ("opened", "done"))
    assert len((tmp_path / "opened").read_text().split()) == 1
    assert len(done) >= 3
    assert not opened & done, "the process that holds the task does no item"
    assert stats.died == 4


@pytest.mark.parametrize("forks", [True, False])
def test_where_the_system_forks_badly_each_worker_is_started_afresh(tmp_path, monkeypatch, forks):
    from curator.engine import local, process

    monkeypatch.setattr(process, "FORKS", forks)
    monkeypatch.setattr(local, "FORKS", forks)
    items = [("die" if n == 2 else "ok", n) for n in range(8)]
    rows, stats, _ = run(tmp_path, items, task=Counted(str(tmp_path)))
    assert rows == {n: plain(n) for n in range(8)} | {2: {"number": 2, "code": "ENG-001"}}
    opened = (tmp_path / "opened").read_text().split()
    assert len(opened) == (1 if forks else stats.started)


def test_an_empty_shard_is_committed_too(tmp_path):
    _, stats, _ = run(tmp_path, [], shards=[Shard(0, ()), Shard(1, (("ok", 1),))])
    assert stats.shards == 2


def test_an_item_that_kills_its_worker_is_named_and_the_rest_completes(tmp_path):
    items = ok(20)
    items[6] = ("die", 6)
    rows, stats, steps = run(tmp_path, items)
    assert rows == {n: plain(n) for n in range(20)} | {6: {"number": 6, "code": "ENG-001"}}
    assert (tmp_path / "deaths-6").read_text() == "xxxx", "once in its shard and three times alone"
    assert stats.isolated == 1
    assert (1, 2, "ENG-001") in [(i.shard, i.index, i.what) for i in stats.incidents]
    assert sum(steps) == 20


def test_several_poison_items_in_one_shard_are_each_named(tmp_path):
    rows, _, _ = run(tmp_path, [("die", 0), ("ok", 1), ("exit", 2), ("die", 3)])
    assert [rows[n].get("code") for n in range(4)] == ["ENG-001", None, "ENG-001", "ENG-001"]


def test_an_item_whose_worker_dies_only_once_is_not_poison(tmp_path):
    rows, stats, _ = run(tmp_path, [*ok(9), ("die_once", 9)])
    assert rows == {n: plain(n) for n in range(10)}
    assert stats.died == 1


def test_a_worker_that_dies_while_it_stores_loses_nothing(tmp_path):
    rows, stats, _ = run(tmp_path, [("die_in_store", n) for n in range(8)])
    assert rows == {n: plain(n) for n in range(8)}
    assert stats.died == 2


def test_a_worker_that_always_dies_while_it_stores_stops_the_run(tmp_path):
    with pytest.raises(CheckError) as caught:
        run(tmp_path, [("always_die_in_store", 0)])
    assert caught.value.code == "ENG-006"


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_workers_killed_from_outside_at_random_change_no_row(tmp_path):
    over = threading.Event()
    killed = []
    me = os.getpid()

    def children():
        """The process that starts workers, and the workers."""
        found = [me]
        for one in found:
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{one}/task"):
                    with open(f"/proc/{one}/task/{task}/children") as stream:
                        found += [int(pid) for pid in stream.read().split()]
        return found[1:]

    def is_worker(pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as stream:
                return b"spawn_main" in stream.read()
        except OSError:
            return False

    def assassin():
        choose = random.Random(7)
        while len(killed) < 8 and not over.wait(choose.uniform(0.4, 1.2)):
            workers = [pid for pid in children() if is_worker(pid)]
            if workers:
                victim = choose.choice(workers)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    killed.append(victim)

    thread = threading.Thread(target=assassin)
    thread.start()
    try:
        rows, stats, steps = run(tmp_path, [("nap", n) for n in range(120)], size=6)
    finally:
        over.set()
        thread.join()
    assert rows == {n: plain(n) for n in range(120)}
    assert stats.died >= 3
    assert len(killed) >= 3
    assert sum(steps) == 120


def test_the_order_of_commits_changes_no_row(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    items = [("nap" if n % 3 == 0 else "ok", n) for n in range(40)]
    one, _, _ = run(first, items, engine=LocalEngine(1))
    two, _, _ = run(second, items, shards=list(reversed(shards_of(items, 4))), engine=LocalEngine(3))
    assert one == two
    for entry in (first / "rows").iterdir():
        assert entry.read_bytes() == (second / "rows" / entry.name).read_bytes()


@pytest.mark.parametrize("window", [1, 3])
def test_no_more_shards_are_taken_than_the_window_allows(tmp_path, window):
    taken, done, widest = [], [], []

    def source():
        for shard in shards_of([("die_once" if n == 5 else "ok", n) for n in range(24)], 2):
            taken.append(shard.number)
            widest.append(len(taken) - len(done))
            yield shard

    run(
        tmp_path,
        [],
        shards=source(),
        engine=LocalEngine(2, window=window),
        commit=lambda shard, _: done.append(shard.number),
    )
    assert max(widest) <= window
    assert sorted(done) == list(range(12))


def test_an_item_that_takes_too_long_is_named(tmp_path):
    rows, stats, _ = run(tmp_path, [*ok(3), ("sleep", 3), ("ok", 4)], engine=LocalEngine(2, item_seconds=0.4))
    assert rows == {n: plain(n) for n in (0, 1, 2, 4)} | {3: {"number": 3, "code": "ENG-002"}}
    assert stats.seconds < 20


def test_an_item_that_swallows_exceptions_cannot_outlive_its_time(tmp_path):
    rows, _, _ = run(tmp_path, [("swallow", 0)], engine=LocalEngine(1, item_seconds=0.4))
    assert rows[0]["code"] == "ENG-002"


def test_an_item_that_is_stuck_below_python_is_killed_and_named(tmp_path):
    rows, stats, _ = run(tmp_path, [("ok", 0), ("stuck", 1), ("ok", 2)], engine=LocalEngine(2, item_seconds=0.4))
    assert rows == {0: plain(0), 1: {"number": 1, "code": "ENG-002"}, 2: plain(2)}
    assert stats.died == 2
    assert stats.seconds < 20


def test_an_item_that_was_slow_only_once_is_done(tmp_path):
    rows, _, _ = run(tmp_path, [("slow_once", 0), ("ok", 1)], engine=LocalEngine(1, item_seconds=0.4))
    assert rows == {0: plain(0), 1: plain(1)}


def test_a_long_shard_of_quick_items_is_not_taken_for_a_stuck_one(tmp_path):
    rows, stats, steps = run(
        tmp_path, [("nap", n) for n in range(60)], size=60, engine=LocalEngine(1, item_seconds=0.3)
    )
    assert len(rows) == 60
    assert (stats.died, stats.isolated) == (0, 0)
    assert len(steps) > 3, "progress is told while a shard is under way"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold the address space to a limit")
def test_an_item_that_needs_too_much_memory_is_named_and_the_limit_is_lifted_for_the_next(tmp_path):
    rows, _, _ = run(tmp_path, [("ok", 0), ("memory", 1), ("ok", 2)], engine=LocalEngine(1, memory_bytes=1 << 28))
    assert rows == {0: plain(0), 1: {"number": 1, "code": "ENG-003"}, 2: plain(2)}


def test_without_a_limit_the_same_item_is_done(tmp_path):
    rows, _, _ = run(tmp_path, [("memory", 1)])
    assert rows == {1: plain(1)}


def test_an_unexpected_exception_names_the_item_and_keeps_its_text_to_itself(tmp_path):
    rows, stats, _ = run(tmp_path, [("ok", 0), ("boom", 1), ("ok", 2)])
    assert rows == {0: plain(0), 1: {"number": 1, "code": "ENG-004"}, 2: plain(2)}
    assert SECRET not in repr(stats)
    assert any("ValueError" in incident.where for incident in stats.incidents)


def test_an_exception_that_does_not_come_again_is_forgiven(tmp_path):
    rows, _, _ = run(tmp_path, [("boom_once", 0)])
    assert rows == {0: plain(0)}


def test_an_item_error_that_escapes_the_task_becomes_the_row_of_a_failed_item(tmp_path):
    rows, stats, _ = run(tmp_path, [("item_error", 0), ("ok", 1)])
    assert rows == {0: {"number": 0, "code": "SRC-008"}, 1: plain(1)}
    assert stats.isolated == 0


@pytest.mark.parametrize(("what", "code"), [("stop", "SRC-006"), ("full_disk", "SYS-001"), ("odd_stop", "SRC-006")])
def test_a_check_error_stops_the_whole_run(tmp_path, what, code):
    committed = []
    items = [*[("nap", n) for n in range(8)], (what, 8), *[("nap", n) for n in range(9, 200)]]
    with pytest.raises(CheckError) as caught:
        run(tmp_path, items, commit=lambda shard, _: committed.append(shard.number))
    assert caught.value.code == code
    assert 2 not in committed
    assert len(committed) < 10
    if what == "stop":
        assert caught.value.facts == {"count": 3}


def test_an_unexpected_exception_in_storing_stops_the_run_without_its_text(tmp_path):
    with pytest.raises(CheckError) as caught:
        run(tmp_path, [("bad_store", 0)])
    assert caught.value.code == "ENG-006"
    assert SECRET not in str(caught.value)
    assert "ValueError" in str(caught.value)


@pytest.mark.parametrize(("how", "code"), [("boom", "ENG-005"), ("die", "ENG-005"), ("check", "SYS-001")])
def test_a_task_that_cannot_be_opened_stops_the_run(tmp_path, how, code):
    with pytest.raises(CheckError) as caught:
        run(tmp_path, ok(4), task=BadStart(str(tmp_path), how))
    assert caught.value.code == code
    assert SECRET not in str(caught.value)


def test_a_task_that_cannot_be_unpickled_stops_the_run_without_a_word(tmp_path, capfd):
    with pytest.raises(CheckError) as caught:
        run(tmp_path, ok(4), task=Unreadable(str(tmp_path)))
    assert caught.value.code == "ENG-005"
    assert capfd.readouterr() == ("", "")


def test_nothing_that_a_worker_says_is_heard(tmp_path, capfd):
    rows, _, _ = run(tmp_path, [("speak", 0), ("die", 1), ("exit", 2)])
    assert [rows[n]["code"] for n in range(3)] == ["ENG-004", "ENG-001", "ENG-001"]
    assert capfd.readouterr() == ("", "")


def test_an_error_in_the_commit_itself_stops_the_workers(tmp_path):
    def refuse(shard, receipt):
        raise CheckError("SYS-002", reason="EIO")

    begin = time.monotonic()
    with pytest.raises(CheckError):
        run(tmp_path, [("ok", 0), ("sleep", 1)], size=1, commit=refuse)
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("arguments", [{"workers": 0}, {"workers": 1, "window": 0}, {"workers": 1, "item_seconds": 0}])
def test_senseless_settings_are_refused(arguments):
    with pytest.raises(ValueError, match="positive"):
        LocalEngine(**arguments)
