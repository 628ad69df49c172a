"""More hands for one large item: parts of it are done in forked processes while workers of the run stand idle.

A worker that has a file of gigabytes would be alone with it at the end of a run. A medium that does a file part by part
gives its parts through :func:`spread`: in order, each in a process of its own as long as others are free, else here.
What comes out is the same, whoever does it.

A hand is a fork of the worker between two parts, so that it has all that the worker has read. It says nothing on any
stream, writes no file, and ends with the worker. A part that a hand cannot do, or that a hand died of, is done here
once more in its turn: what is wrong with it shows as if there were no hands.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from curator.core import strides
from curator.engine.limits import FORKS, die_with_parent

Part = TypeVar("Part")
Result = TypeVar("Result")

#: So many parts of a hand may be done before their turn.
AHEAD = 2
#: Characters of a part: half a second of work, so that the way to a hand and back is a trifle.
PART = 1 << 16
#: What an item takes besides its characters, so that not even empty ones pile up.
EACH = 64

_free: Callable[[], int] | None = None
_away = False


def lend(free: Callable[[], int] | None) -> None:
    """Say who knows how many processes this one may have besides itself; None for nobody."""
    global _free
    _free = free


def away() -> bool:
    """Say whether this process is a hand: what it keeps for later is lost unless it is part of a result."""
    return _away


@dataclass
class _Hand:
    """A forked process, and the number of the part that it has."""

    pid: int
    pipe: Connection
    part: int | None = None

    def give(self, number: int, part: Any) -> None:
        self.part = number
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a dead hand shows when it is listened to
            self.pipe.send(part)

    def take(self) -> tuple[bool, Any]:
        """Return whether the part was done, and its result."""
        self.part = None
        try:
            done: tuple[bool, Any] = self.pipe.recv()
        except (EOFError, OSError):
            return False, None
        return done

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.pipe.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def parts_of(items: Iterable[Part], size: Callable[[Part], int]) -> Iterator[list[Part]]:
    """Put items together to parts of about :data:`PART`, in their order.

    Parameters
    ----------
    items
        Records, rows, messages.
    size
        About how many characters one has that are to be worked on.
    """
    part: list[Part] = []
    have = 0
    for item in items:
        part.append(item)
        have += EACH + size(item)
        if have >= PART:
            yield part
            part, have = [], 0
    if part:
        yield part


def spread(
    parts: Iterable[Part], work: Callable[[Part], Result], *, workers: int | None = None
) -> Generator[Result, None, None]:
    """Do the parts of an item and yield the results in the order of the parts.

    Parameters
    ----------
    parts
        What can be pickled, taken one by one and only a few ahead. A single one is done here.
    work
        Does one part. It may remember what makes it quicker; its result, which can be pickled, must hold all that
        counts and depend on the part alone.
    workers
        So many processes from the start; None for those that the engine lends while a large file is worked on.

    Raises
    ------
    Exception
        What ``parts`` or ``work`` raises, in the order in which one process alone would.
    """
    free = _free if workers is None and strides.large() else None if workers is None else lambda: workers - 1
    if free is None or not FORKS:
        yield from map(work, parts)
        return
    source = _Source(iter(parts))
    hands: list[_Hand] = []
    held: dict[int, Part] = {}
    done: dict[int, Result] = {}
    given = turn = 0
    most: int | None = None
    try:
        while True:
            wanted = more + 1 if (more := free()) > 0 else 0
            wanted = wanted if most is None else min(wanted, most)
            for hand in [hand for hand in hands if hand.part is None][: max(0, len(hands) - wanted)]:
                hands.remove(hand)
                hand.end()
            while given < turn + AHEAD * wanted and source.has(1 if hands else 2):
                idle = next((hand for hand in hands if hand.part is None), None)
                if idle is None and len(hands) >= wanted:
                    break
                if idle is None:
                    idle = _forked(work, hands)
                    if idle is None:  # the system has no process or file left: those that there are must do
                        wanted = most = len(hands)
                        break
                    hands.append(idle)
                held[given] = source.take()
                idle.give(given, held[given])
                given += 1
            if turn in done:
                held.pop(turn)
                yield done.pop(turn)
                turn += 1
            elif turn < given:
                _listen(hands, done, held, turn, work)
            elif source.has(1):
                yield work(source.take())
                given = turn = turn + 1
            elif source.failure is not None:
                raise source.failure
            else:
                return
    finally:
        for hand in hands:
            hand.end()


class _Source(Generic[Part]):
    """Parts, some of them fetched before they are taken.

    Attributes
    ----------
    failure
        What fetching raised: it is due when all that came before is done.
    """

    def __init__(self, parts: Iterator[Part]) -> None:
        self._parts: Iterator[Part] | None = parts
        self._ahead: deque[Part] = deque()
        self.failure: Exception | None = None

    def has(self, number: int) -> bool:
        """Say whether there are so many parts, or more."""
        while len(self._ahead) < number and self._parts is not None:
            try:
                self._ahead.append(next(self._parts))
            except StopIteration:
                self._parts = None
            except Exception as error:  # noqa: BLE001 - whoever takes the parts raises it in its turn
                self._parts, self.failure = None, error
        return len(self._ahead) >= number

    def take(self) -> Part:
        """Return the next part; there is one."""
        return self._ahead.popleft()


def _listen(
    hands: list[_Hand], done: dict[int, Any], held: dict[int, Any], turn: int, work: Callable[[Any], Any]
) -> None:
    """Wait until a hand is through, and take what it did; do the part whose turn it is here if no hand could."""
    by_pipe = {hand.pipe: hand for hand in hands if hand.part is not None}
    if not by_pipe:
        done[turn] = work(held[turn])
        return
    for pipe in wait(list(by_pipe)):
        hand = by_pipe[pipe]  # type: ignore[index]
        number = hand.part
        assert number is not None
        well, result = hand.take()
        if well:
            done[number] = result
        else:
            hands.remove(hand)
            hand.end()


def _forked(work: Callable[[Any], Any], others: list[_Hand]) -> _Hand | None:
    """Return a hand, None when the system gives no process or no file for one."""
    mine = os.getpid()
    try:
        ours, theirs = Pipe()
    except OSError:
        return None
    try:
        pid = os.fork()
    except OSError:
        ours.close()
        theirs.close()
        return None
    if not pid:
        try:
            ours.close()
            for hand in others:
                hand.pipe.close()
            _work(theirs, mine, work)
        finally:
            os._exit(1)
    theirs.close()
    return _Hand(pid, ours)


def _work(pipe: Connection, parent: int, work: Callable[[Any], Any]) -> None:
    """Be a hand until the pipe closes."""
    global _away
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever forked it hears of it, and ends it
    die_with_parent(parent)
    _away = True
    lend(None)
    strides.listen(None)
    gc.freeze()
    while True:
        try:
            part = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        try:
            answer = (True, work(part))
        except Exception:  # noqa: BLE001 - the worker does the part itself, and meets what is wrong with it
            answer = (False, None)
        pipe.send(answer)
