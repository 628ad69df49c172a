"""The parent killed or interrupted: no orphan, nothing lost, the same bytes after a rerun."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engine_tasks import run_parts

PROGRAM = Path(__file__).parent / "engine_tasks.py"
ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


def start(*arguments, group=False):
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=group,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def family(pid):
    """Processes that the parent and its children have started, found by their parent's id."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            parents[int(entry)] = int(stat.rsplit(")", 1)[1].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(true, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return bool(true())


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_killed_parent_leaves_no_orphan_and_a_rerun_ends_in_the_same_bytes(tmp_path):
    run_parts(tmp_path / "calm")
    folder = tmp_path / "killed"
    folder.mkdir()
    choose = random.Random(3)
    kills = 0
    while kills < 5:
        process = start("parts", folder)
        wait_until(lambda pid=process.pid: len(family(pid)) >= 3, 10)
        time.sleep(choose.uniform(0.1, 0.8))
        children = family(process.pid)
        if process.poll() is not None:
            process.communicate()
            break
        process.kill()
        process.communicate()
        kills += 1
        assert wait_until(lambda kin=children: not any(map(alive, kin)), 3), "a worker outlived its parent"
    assert kills >= 2, "else nothing was disturbed"
    process = start("parts", folder)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, b"", b"")
    killed = {name: data for name, data in tree(folder).items() if ".curator-tmp-" not in name}
    assert killed == tree(tmp_path / "calm")


@pytest.mark.parametrize("target", ["parent", "group"])
def test_an_interrupt_ends_all_workers_quickly_and_quietly(tmp_path, target):
    process = start("deeds", tmp_path, "sleep", 10, group=True)
    assert wait_until(lambda: len(family(process.pid)) >= 3, 10)
    time.sleep(0.8)
    children = family(process.pid)
    begin = time.monotonic()
    if target == "parent":
        os.kill(process.pid, signal.SIGINT)
    else:
        os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert time.monotonic() - begin < 2
    assert (process.returncode, out, err) == (130, b"", b"")
    assert wait_until(lambda: not any(map(alive, children)), 2)


def test_an_interrupt_while_workers_start_is_quiet_too(tmp_path):
    for delay in (0.15, 0.3, 0.45, 0.6):
        process = start("deeds", tmp_path, "sleep", 10, group=True)
        wait_until(lambda pid=process.pid: family(pid), 5)
        time.sleep(delay - 0.15)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (130, b"", b"")


def test_memory_stays_flat_however_many_rows_there_are(tmp_path):
    held = []
    for count in (20, 300):
        process = start("big", tmp_path, count)
        out, err = process.communicate(timeout=60)
        assert err == b""
        stored, *most = map(int, out.split())
        assert stored == count << 20
        held.append(most)
    few, many = held
    assert many[0] - few[0] < 16 << 20, "the parent holds no rows"
    assert many[1] - few[1] < 48 << 20, "a worker holds the rows of one shard"
