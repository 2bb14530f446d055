"""The progress of a build, as a terminal or a log shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from analysis.errors import count
from analysis.terminal import console, escape

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class BuildProgress:
    """Shows the progress of a build: a bar on a terminal, a line for each notebook elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._given = console
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._done: set[str] = set()
        self._total = 0

    def __enter__(self) -> Self:
        """Show progress from here on."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was, whatever happened."""
        self.end()

    @property
    def _console(self) -> Console:
        return self._given or console(stderr=True)

    def start(self, study: str, tasks: int) -> None:
        """Show that a study is built, and how many notebooks it has."""
        self._done.clear()
        self._total = tasks
        if self._console.is_terminal:
            self._show(study)
        else:
            self.message(f"{study}: {count(tasks, 'notebook')}")

    def message(self, text: str) -> None:
        """Show the current step."""
        if self._console.is_terminal:
            self._show(text)
        else:
            self._console.print(escape(text), style="dim", markup=False)

    def advance(self, name: str, *, has_run: bool) -> None:
        """Show that a notebook is up to date, maybe once more; a line only if it has run."""
        self._done.add(name)
        if has_run or self._console.is_terminal:
            self.message(f"{len(self._done)}/{self._total} {name}")

    def end(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self, text: str) -> None:
        """Show a text in the bar, which appears with the first."""
        if self._bar is None:
            # Only here: rich takes a tenth of a second.
            from rich.progress import BarColumn, SpinnerColumn, TextColumn  # noqa: PLC0415
            from rich.progress import Progress as Bar  # noqa: PLC0415

            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn())
            self._bar = Bar(*columns, console=self._console, transient=True)
            self._task = self._bar.add_task(escape(text), total=None)
            self._bar.start()
        if self._task is not None:
            self._bar.update(
                self._task,
                description=escape(text),
                completed=len(self._done),
                total=self._total or None,
            )
