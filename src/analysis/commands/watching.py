"""The command that rebuilds reports on each save."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from analysis import terminal
from analysis.commands.options import AS_JSON, IN_ROOT, OF_PLACES, root_of, studies_of
from analysis.errors import CompendiumError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.operations.watch import Rebuilt

FIRST_PORT = 8470
STOP = "It rebuilds on each save of data, notebooks, expectations or code. Stop it with Ctrl-C."


@click.command()
@click.argument("studies", nargs=-1, metavar="[STUDY]...")
@OF_PLACES
@click.option(
    "--port", type=click.IntRange(1024, 65000), default=FIRST_PORT, show_default=True,
    help="Where pages are served on this machine; the next one that is free.",
)  # fmt: skip
@IN_ROOT
@AS_JSON
def watch(
    *, studies: Sequence[str], places: Sequence[str], port: int, root: Path | None, as_json: bool
) -> None:
    """Rebuild on each save, and serve pages that reload themselves.

    Lists the numbers that each save changed. All studies, if none is named; naming one, or a place,
    is faster. Pages are served to this machine alone.
    """
    from analysis.engine.options import BuildOptions, Silent  # noqa: PLC0415 (heavy)
    from analysis.operations.watch import CodeChangedError, watch_studies  # noqa: PLC0415

    found = root_of(root)
    options = BuildOptions(found, found / "reports", places=tuple(places))
    names = studies_of(found, studies)
    say = _print_as_json if as_json else _print
    try:
        for event in watch_studies(options, names, port, Silent()):
            say(event)
    except CodeChangedError:
        sys.stdout.flush()
        # Its modules, and all that was imported for kernels, are those of before.
        os.execv(sys.executable, [sys.executable, "-m", "analysis.cli", *sys.argv[1:]])  # noqa: S606
    except KeyboardInterrupt:
        if not as_json:
            terminal.echo("Stopped.")


def _print(event: str | Rebuilt) -> None:
    if isinstance(event, str):
        terminal.echo(f"Open {event}\n{STOP}")
    elif isinstance(event.outcome, CompendiumError):
        terminal.print_error(str(event.outcome))
    else:
        terminal.print_build(event.outcome)
        terminal.echo(f"  in {event.seconds:.1f} seconds")
    sys.stdout.flush()


def _print_as_json(event: str | Rebuilt) -> None:
    """Print an event in a line, for another program."""
    if isinstance(event, str):
        shown: dict[str, object] = {"address": event}
    elif isinstance(event.outcome, CompendiumError):
        shown = {"refused": event.outcome.what, "offenders": event.outcome.offenders}
    else:
        changes = [asdict(change) for change in event.outcome.changes or ()]
        shown = {
            "study": event.outcome.study,
            "done": event.outcome.done,
            "changes": changes,
            "seconds": round(event.seconds, 2),
        }
    sys.stdout.write(terminal.escape(json.dumps(shown, ensure_ascii=False)) + "\n")
    sys.stdout.flush()
