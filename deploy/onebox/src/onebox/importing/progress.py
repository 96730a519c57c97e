"""Tell how far an import is: a bar on a terminal, elsewhere a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_TOLD_EVERY = 5.0

Say: TypeAlias = Callable[[str], None]
Step: TypeAlias = Callable[[int, int], None]
"""`(rows that are answered, of them refused)`"""


@contextmanager
def showing(total: int, done: int) -> Iterator[tuple[Step, Say]]:
    """Show progress on the error stream until the block ends; gives how to step, and how to say something meanwhile."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(total, done).step, lambda text: print(text, file=sys.stderr)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("devices", total=total, completed=done, told="")

        def step(answered: int, refused: int) -> None:
            progress.update(task, completed=answered, told=f"{refused} refused" if refused else "")

        yield step, lambda text: console.print(text, markup=False)


class _Lines:
    def __init__(self, total: int, done: int) -> None:
        self._total, self._first = total, done
        self._began = self._told = time.monotonic()

    def step(self, answered: int, refused: int) -> None:
        """Tell in a line, where the last one is some seconds ago."""
        now = time.monotonic()
        if now - self._told > _TOLD_EVERY:
            self._told = now
            speed = (answered - self._first) / (now - self._began)
            print(f"{answered}/{self._total} devices, {refused} refused, {speed:.0f} a second", file=sys.stderr)
