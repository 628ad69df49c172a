"""Limits hold and are given back."""

import resource
import signal
import subprocess
import sys
import time

import pytest

from curator.engine.limits import ItemTimer, TimeUpError, address_space, memory_limit


@pytest.fixture
def alarm():
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_the_timer_rings_in_python_code(alarm):
    timer = ItemTimer(0.05)
    timer.start()
    begin = time.monotonic()
    with pytest.raises(TimeUpError):
        time.sleep(5)
    assert 0.04 < time.monotonic() - begin < 2
    timer.stop()


def test_a_timer_that_was_stopped_stays_silent(alarm):
    timer = ItemTimer(0.05)
    timer.start()
    timer.stop()
    time.sleep(0.1)
    signal.raise_signal(signal.SIGALRM)


def test_no_exception_handler_of_a_task_catches_the_end_of_its_time():
    assert not issubclass(TimeUpError, Exception)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold the address space to a limit")
def test_memory_is_refused_under_the_ceiling_and_given_after_it():
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), memory_limit(address_space() + (64 << 20)):
        bytes(1 << 29)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytes(1 << 29)) == 1 << 29


def test_no_ceiling_changes_nothing():
    before = resource.getrlimit(resource.RLIMIT_AS)
    with memory_limit(None):
        assert resource.getrlimit(resource.RLIMIT_AS) == before


ORPHAN = """
import os, sys, time
pid = os.fork()
if pid == 0:
    from curator.engine import limits
    if sys.argv[1] == "watch":
        limits.sys = type("sys", (), {"platform": "other"})
    parent = os.getppid()
    limits.die_with_parent(parent)
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)
os.read(0, 1)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("how", ["kernel", "watch"])
def test_a_child_dies_with_its_parent_whichever_way_the_system_offers(how, tmp_path):
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(root)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert int(process.stdout.readline()) > 0
    process.stdin.write(b"x")
    process.stdin.flush()
    begin = time.monotonic()
    assert process.stdout.read() == b"", "the pipe is closed when the child is gone"
    assert time.monotonic() - begin < 3
    process.stdin.close()
    process.wait()
    process.stdout.close()
