"""The engine that runs on this machine: a few worker processes, a bounded window, no file able to stop the rest.

A worker that dies takes down only the shard it had. That shard is then done item by item in fresh workers, until the
item to blame is known (:mod:`curator.engine.isolation`). Workers never print; results stay in the workers, which store
them and hand back a receipt.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from curator.core.errors import CheckError
from curator.core.types import Shard
from curator.engine.isolation import Isolation
from curator.engine.limits import FORKS
from curator.engine.process import LostError, Nursery, WorkerHandle, interrupts_held
from curator.engine.protocol import Incident, RunStats, Task, Within, unheard
from curator.engine.worker import BEAT

#: So many workers in a row that die before they are ready mean that the machine cannot start any.
START_DEATHS = 10
#: Stop asking nicely after so many seconds.
GRACE = 1.0
MAX_INCIDENTS = 1000


@dataclass
class _Job:
    """A shard between being taken and being committed."""

    shard: Shard
    isolation: Isolation | None = None
    advanced: int = 0


#: Bytes a second that the slowest medium reads: what a large item's time limit is counted by.
SLOWEST = 100_000


class LocalEngine:
    """Worker processes of this machine.

    Parameters
    ----------
    workers
        How many processes. One still means a process of its own, never the parent itself.
    window
        How many shards may be taken and not yet committed; by default twice the workers.
    item_seconds
        Elapsed time that one item may take in Python code, or from one stride to the next where it tells of them; a
        worker that is stuck elsewhere is killed after twice that.
    memory_bytes
        Address space that one item may add to a worker (RLIMIT_AS, where the system enforces it), or None.
    """

    def __init__(
        self, workers: int, window: int | None = None, item_seconds: float = 300, memory_bytes: int | None = None
    ) -> None:
        if workers < 1 or (window is not None and window < 1) or item_seconds <= 0:
            raise ValueError("workers, window and item_seconds must be positive")
        self.workers = workers
        self.window = window or 2 * workers
        self.item_seconds = item_seconds
        self.memory_bytes = memory_bytes
        self._nursery: Nursery | None = None

    def lend(self) -> Nursery:
        """Return the process that starts workers, with no task open: that of the last run when it ended well."""
        kept, self._nursery = self._nursery, None
        return Nursery() if kept is None else kept

    def take_back(self, nursery: Nursery) -> None:
        """Keep a process that starts workers for the next run; it ends with this one at the latest."""
        self._nursery = nursery

    def close(self) -> None:
        """End the process that is kept for the next run; another run starts another."""
        kept, self._nursery = self._nursery, None
        if kept is not None:
            kept.close()

    def run(
        self,
        task: Task,
        shards: Iterable[Shard],
        *,
        commit: Callable[[Shard, Any], None],
        advance: Callable[[int], None],
        largest: int = 0,
        within: Within = unheard,
    ) -> RunStats:
        """Run a task over shards; see :meth:`curator.engine.protocol.Engine.run`.

        Raises
        ------
        CuratorError
            What stopped the task; ENG-005 when workers cannot start, ENG-006 when results cannot be stored.
        """
        seconds = max(self.item_seconds, largest / SLOWEST)
        return _Run(self, task, shards, commit, advance, seconds, within).run()


class _Run:
    """One call of :meth:`LocalEngine.run`."""

    def __init__(
        self,
        engine: LocalEngine,
        task: Task,
        shards: Iterable[Shard],
        commit: Callable[[Shard, Any], None],
        advance: Callable[[int], None],
        seconds: float,
        within: Within,
    ) -> None:
        self._engine = engine
        self._packed = pickle.dumps((task, seconds, engine.memory_bytes))
        self._hard = 2 * seconds + 2 * BEAT
        self._slots = engine.workers
        self._window = engine.window
        self._source: Iterator[Shard] | None = iter(shards)
        self._commit = commit
        self._advance = advance
        self._within = within
        self._strides: dict[WorkerHandle, tuple[int, int]] = {}
        self._busy: dict[WorkerHandle, _Job] = {}
        self._idle: list[WorkerHandle] = []
        self._again: deque[_Job] = deque()
        self._done: deque[tuple[_Job, Any]] = deque()
        self._nursery: Nursery | None = None
        self._start_deaths = 0
        self._shards = self._items = self._started = self._died = self._isolated = 0
        self._incidents: list[Incident] = []

    def run(self) -> RunStats:
        begin = time.monotonic()
        try:
            while True:
                self._fill()
                self._commit_done()
                self._fill()
                if not self._busy:
                    break
                self._lend()
                self._listen()
        except BaseException:
            self._stop()
            raise
        self._stop(well=True)
        return RunStats(
            shards=self._shards,
            items=self._items,
            seconds=time.monotonic() - begin,
            started=self._started,
            died=self._died,
            isolated=self._isolated,
            incidents=tuple(self._incidents),
        )

    def _next_job(self) -> _Job | None:
        if self._again:
            return self._again.popleft()
        if self._source is None or len(self._busy) + len(self._done) >= self._window:
            return None
        shard = next(self._source, None)
        if shard is None:
            self._source = None
            return None
        return _Job(shard)

    def _fill(self) -> None:
        """Give every free slot something to do. Suspect shards come first, so that they cannot pile up."""
        while len(self._busy) < self._slots:
            job = self._next_job()
            if job is None:
                return
            if job.isolation is not None and len(self._idle) + len(self._busy) >= self._slots and self._idle:
                self._idle.pop().close()
            if job.isolation is None and self._idle:
                worker = self._idle.pop()
            else:
                worker = self._start(job)
            self._busy[worker] = job
            if worker.ready:
                self._send(worker)

    def _start(self, job: _Job) -> WorkerHandle:
        """Start a worker for a job, and first the process that starts workers, if there is none or it has ended.

        Raises
        ------
        CheckError
            ENG-005 when they end again and again before they are ready.
        """
        while True:
            try:
                if self._nursery is None:
                    self._nursery = self._engine.lend()
                    self._nursery.open(self._packed)
                worker = WorkerHandle(self._nursery)
            except LostError:
                self._died += 1
                self._count_start_death()
                if self._nursery is not None:
                    self._nursery.close()
                    self._nursery = None
                continue
            except BaseException:
                self._again.append(job)
                raise
            if not FORKS:
                self._nursery = None
            self._started += 1
            return worker

    def _count_start_death(self) -> None:
        self._start_deaths += 1
        if self._start_deaths >= START_DEATHS:
            raise CheckError("ENG-005", where="they end before they are ready")

    def _send(self, worker: WorkerHandle) -> None:
        job = self._busy[worker]
        if job.isolation is None:
            worker.send(("shard", job.shard), self._hard)
        else:
            worker.send(job.isolation.step(), self._hard if job.isolation.on_item else None)

    def _lend(self) -> None:
        """Let those who have large items have what stands idle since there is nothing else left to do."""
        spare = self._slots - len(self._busy) if FORKS and self._source is None and not self._again else 0
        large = [worker for worker in self._busy if worker in self._strides]
        for at, worker in enumerate(large):
            worker.lend(spare // len(large) + (at < spare % len(large)))

    def _listen(self) -> None:
        """Wait for news of any busy worker, take it in, and kill the workers that are overdue."""
        waits = [left for worker in self._busy if (left := worker.left()) is not None]
        by_pipe = {worker.pipe: worker for worker in self._busy}
        heard = wait(list(by_pipe), max(0.0, min(waits)) if waits else None)
        for pipe in heard:
            worker = by_pipe[pipe]  # type: ignore[index]
            message = worker.receive()
            self._stride(worker, message)
            if message is None:
                self._lost(worker)
            elif not worker.overdue:
                self._take(worker, message)
        for worker in self._busy:
            left = worker.left()
            if left is not None and left <= 0:
                worker.overdue = True
                worker.watch(None)
                worker.kill()

    def _take(self, worker: WorkerHandle, message: tuple[Any, ...]) -> None:
        job = self._busy[worker]
        match message:
            case ("ready",):
                worker.ready = True
                self._start_deaths = 0
                self._send(worker)
            case ("beat", done):
                worker.watch(self._hard)
                self._progress(job, done)
            case ("stride", _, _):
                worker.watch(self._hard)
            case ("storing",):
                worker.watch(None)
            case ("receipt", receipt):
                del self._busy[worker]
                worker.watch(None)
                self._idle.append(worker)
                self._done.append((job, receipt))
            case ("row", row) if job.isolation is not None:
                job.isolation.row(row)
                self._progress(job, job.isolation.index)
                self._send(worker)
            case ("fault", what, where, index):
                self._fault(worker, job, what, where, index)
            case ("stop", error):
                raise error
            case _:
                raise CheckError("ENG-005", where="a worker gave an unknown answer")

    def _stride(self, worker: WorkerHandle, message: tuple[Any, ...] | None) -> None:
        """Tell how far the large items are; whatever else a worker says, it is through with the one that it had."""
        if message is not None and message[0] == "stride":
            _, *stride = message
            self._strides[worker] = (stride[0], stride[1])
        elif self._strides.pop(worker, None) is None:
            return
        self._within(sum(done for done, _ in self._strides.values()), sum(size for _, size in self._strides.values()))

    def _progress(self, job: _Job, done: int) -> None:
        if done > job.advanced:
            self._advance(done - job.advanced)
            job.advanced = done

    def _note(self, job: _Job, index: int, what: str, where: str = "") -> None:
        if len(self._incidents) < MAX_INCIDENTS:
            self._incidents.append(Incident(job.shard.number, index, what, where))

    def _fault(self, worker: WorkerHandle, job: _Job, what: str, where: str, index: int) -> None:
        """A step failed and the worker lives: it is replaced, since its memory may be in disorder."""
        fresh = worker.steps == 1
        del self._busy[worker]
        worker.close()
        self._note(job, index if job.isolation is None else job.isolation.index, what, where)
        if job.isolation is None:
            self._suspect(job)
        else:
            verdict = job.isolation.fault(what, where, fresh=fresh)
            self._verdict(job, verdict)

    def _lost(self, worker: WorkerHandle) -> None:
        """A worker died, by itself, by another's hand, or because it was overdue."""
        job = self._busy.pop(worker)
        ready, overdue = worker.ready, worker.overdue
        worker.close()
        self._died += 1
        if not ready:
            self._count_start_death()
            self._again.append(job)
            return
        self._note(job, -1 if job.isolation is None else job.isolation.index, "time" if overdue else "died")
        if job.isolation is None:
            self._suspect(job)
        else:
            self._verdict(job, job.isolation.died(overdue=overdue))

    def _suspect(self, job: _Job) -> None:
        self._isolated += 1
        job.isolation = Isolation(job.shard)
        self._again.append(job)

    def _verdict(self, job: _Job, verdict: str | None) -> None:
        if verdict is not None and job.isolation is not None:
            self._note(job, job.isolation.index, verdict)
        self._again.append(job)

    def _commit_done(self) -> None:
        while self._done:
            job, receipt = self._done[0]
            self._commit(job.shard, receipt)
            self._done.popleft()
            self._shards += 1
            self._items += len(job.shard.items)
            self._progress(job, len(job.shard.items))

    def _stop(self, *, well: bool = False) -> None:
        """End all workers: at once when they are idle, within :data:`GRACE` and a kill when they are not."""
        with interrupts_held():
            for worker in self._busy:
                worker.ask_to_stop()
            until = time.monotonic() + GRACE
            for worker in self._busy:
                worker.wait(max(0.0, until - time.monotonic()))
            for worker in [*self._busy, *self._idle]:
                worker.close()
            self._busy.clear()
            self._idle.clear()
            if self._nursery is not None:
                if well:
                    self._engine.take_back(self._nursery)
                else:
                    self._nursery.close()
                self._nursery = None
