"""Let an append die, or run out of disk, at its n-th call of the operating system, in a process of its own.

Shared by the tests, which take some dozen points, and by scripts/soak/appends, which takes hundreds.
"""

from __future__ import annotations

import errno
import os
import struct
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger_world import World

from curator.core.errors import CheckError
from curator.provenance.ledger import Ledger
from curator.provenance.verify import verify_ledger

CALLS = ("open", "write", "fsync", "link", "rename", "unlink", "mkdir", "close")
KILLED, FULL, DONE = 70, 71, 72
#: Labels a commit, and commits: small, so that most calls are those of the commit protocol.
BATCH, COMMITS = 3, 3


class Point:
    """Counts calls and acts at one of them.

    Parameters
    ----------
    at
        The call, from 1; 0 for none.
    way
        ``kill`` ends the process at once; ``torn`` writes half of what a write was given and then ends it; ``full``
        makes this and every later write fail, as a full disk does.
    """

    def __init__(self, at: int, way: str) -> None:
        self.at, self.way, self.count = at, way, 0

    def wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **more: Any) -> Any:
            self.count += 1
            if self.way == "full":
                if self.at and self.count >= self.at and name in {"write", "mkdir", "link", "fsync"}:
                    raise OSError(errno.ENOSPC, "full")
            elif self.count == self.at:
                if self.way == "torn" and name == "write":
                    call(args[0], bytes(args[1])[: len(args[1]) // 2])
                os._exit(KILLED)
            return call(*args, **more)

        return wrapped


def append_in_child(folder: Path, at: int, way: str, pipe: int, world: World) -> None:
    """Append commits until a point is reached; write what was acknowledged to a pipe. Never returns."""
    code = DONE
    point = Point(at, way)
    real = {name: getattr(os, name) for name in CALLS}
    try:
        appender = world.appender()
        key = World.key("ada")
        for name, call in real.items():
            setattr(os, name, point.wrap(name, call))
        for number in range(COMMITS):
            labels = [world.label(100 + number * BATCH + one) for one in range(BATCH)]
            for record in appender.append(labels, key):
                real["write"](pipe, struct.pack(">I32s", record.index, record.leaf))
            appender.seal(key)
    except CheckError as error:
        code = FULL if error.code == "SYS-001" else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    for name, call in real.items():
        setattr(os, name, call)
    real["write"](pipe, struct.pack(">I32s", 2**32 - 1, point.count.to_bytes(32, "big")))
    os._exit(code)


def interrupted(world: World, at: int, way: str) -> tuple[str | None, int, int]:
    """Run one append to its point and judge what is left.

    Returns
    -------
    tuple
        What is wrong, or None; how many calls were made; how many records were acknowledged.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        append_in_child(world.folder, at, way, writing, world)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    size = struct.calcsize(">I32s")
    rows = [struct.unpack_from(">I32s", told, start) for start in range(0, len(told) - size + 1, size)]
    calls = next((int.from_bytes(leaf, "big") for index, leaf in rows if index == 2**32 - 1), 0)
    acknowledged = [row for row in rows if row[0] != 2**32 - 1]
    return _judged(world, code, acknowledged), calls, len(acknowledged)


def _judged(world: World, code: int, acknowledged: list[tuple[int, bytes]]) -> str | None:
    if code not in {KILLED, FULL, DONE}:
        return f"ended with {code}"
    report = verify_ledger(world.folder, operator_key=world.operator.public)
    if report.error is not None:
        return f"false alarm {report.error.code}"
    leaves = {entry.index: entry.leaf for entry in Ledger(world.folder).entries()}
    if any(leaves.get(index) != leaf for index, leaf in acknowledged):
        return "an acknowledged record is lost"
    if (report.size - 13) % BATCH:
        return "a commit is there in part"
    held = world.ledger.latest_checkpoint()
    again = world.appender()
    again.append([world.label(999)], World.key("ada"))
    again.seal(World.key("ada"))
    after = verify_ledger(world.folder, against=held)
    if after.error is not None or after.size != report.size + 1:
        return "the next append fails"
    return None
