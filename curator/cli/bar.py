"""The progress bar on a terminal. Shows counts and rates, never what is being worked on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Display
from rich.text import Text

from curator.cli.common import bytes_done


class _Rate(ProgressColumn):
    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def render(self, task: Task) -> Text:
        """Show the items a second, a dash before the first."""
        speed = task.finished_speed or task.speed
        return Text("-" if speed is None else f"{speed:,.0f} {self.label}/s")


class _Count(MofNCompleteColumn):
    def render(self, task: Task) -> Text:
        """Show how many of how many, or how many alone where nobody knows yet how many there are."""
        return Text(f"{int(task.completed):,}") if task.total is None else super().render(task)


class _Bar:
    def __init__(self, display: Display, total: int) -> None:
        self._display = display
        self._task = display.add_task("", total=total or None, within="")

    def advance(self, count: int = 1) -> None:
        """Count so many more items as done."""
        self._display.advance(self._task, count)

    def within(self, done: int, size: int) -> None:
        """Show so many bytes as done of those of the large files that are being worked on; 0 of 0 for none."""
        self._display.update(self._task, within=f"· {bytes_done(done, size)}" if size else "")


@contextlib.contextmanager
def drawn(total: int, label: str) -> Iterator[_Bar]:
    """Draw a bar on standard error while the block runs; rich itself follows NO_COLOR."""
    columns = (BarColumn(), _Count(), _Rate(label), TimeRemainingColumn(), TextColumn("{task.fields[within]}"))
    with Display(*columns, console=Console(stderr=True), redirect_stdout=False, redirect_stderr=False) as display:
        yield _Bar(display, total)
