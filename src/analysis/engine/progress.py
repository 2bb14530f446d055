"""Progress of a build, as whoever started it wants to be told."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a build tells while it works."""

    def begin(self, study: str, steps: int) -> None:
        """Tell that the work on a study begins, and how many notebooks it takes."""
        ...

    def say(self, what: str) -> None:
        """Tell what is being done now."""
        ...

    def done(self, name: str, *, has_run: bool) -> None:
        """Tell that a notebook is up to date, and whether it has run for that."""
        ...

    def end(self) -> None:
        """Tell that the work on a study has ended."""
        ...


class Silent:
    """Tells nothing."""

    def begin(self, study: str, steps: int) -> None:
        """Tell nothing."""

    def say(self, what: str) -> None:
        """Tell nothing."""

    def done(self, name: str, *, has_run: bool) -> None:
        """Tell nothing."""

    def end(self) -> None:
        """Tell nothing."""
