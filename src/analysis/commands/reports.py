"""Commands that build, check and trace reports; no study is changed."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from analysis import terminal
from analysis.commands.options import (
    A_STUDY,
    AS_JSON,
    FOLDER,
    IN_ROOT,
    OF_PLACES,
    REFUSED,
    complete_study,
    of_studies,
    print_json,
    root_of,
    studies_of,
)
from analysis.errors import CompendiumError
from analysis.progress import BuildProgress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.engine.environment import Kernels
    from analysis.engine.options import BuildResult
    from analysis.operations.watch import Rebuilt

FIRST_PORT = 8470
WATCHED = "It rebuilds on each save of data, notebooks, expectations or code. Stop it with Ctrl-C."


@click.command()
@of_studies
@click.option(
    "--jobs", type=click.IntRange(0), default=0, help="Notebooks at once. [default: cores + 1]"
)
@click.option(
    "--kernel",
    type=click.Choice(["warm", "plain"]),
    default="warm",
    show_default=True,
    help="How kernels start.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=3600,
    show_default=True,
    help="Seconds that a cell may take.",
)
@click.option("--scheduler", default="", help="A Dask scheduler, as tcp://host:port.")
@click.option("--force", is_flag=True, help="Rebuild everything from scratch.")
@AS_JSON
def build(
    *,
    studies: Sequence[str],
    places: Sequence[str],
    out: Path | None,
    root: Path | None,
    jobs: int,
    kernel: Kernels,
    limit: int,
    scheduler: str,
    force: bool,
    as_json: bool,
) -> None:
    """Rebuild only what is out of date.

    All studies, if none is named. For each, all reports are published, or nothing changes.
    """
    from analysis.engine.build import (  # noqa: PLC0415
        build_study,
        remove_old_builds,
        require_arguments,
    )
    from analysis.engine.options import BuildOptions, Silent  # noqa: PLC0415

    found = root_of(root)
    options = BuildOptions(
        found,
        (out or found / "reports").resolve(),
        places=tuple(places),
        jobs=jobs,
        kernels=kernel,
        cell_seconds=limit,
        scheduler=scheduler,
        force=force,
    )
    names = studies_of(found, studies)
    require_arguments(options, names)
    remove_old_builds(found)
    done = {}
    with BuildProgress() as shown:
        for name in names:
            result = build_study(options, name, Silent() if as_json else shown)
            done[name] = _as_json(result)
            if not as_json:
                terminal.print_build(result)
    if as_json:
        print_json(done)
    else:
        terminal.echo(f"Open {options.reports / 'index.html'}")


@click.command()
@click.argument("studies", nargs=-1, metavar="[STUDY]...", shell_complete=complete_study)
@OF_PLACES
@click.option(
    "--port", type=click.IntRange(1024, 65000), default=FIRST_PORT, show_default=True,
    help="The port to serve pages on; if it is taken, the next free one.",
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
    from analysis.engine.options import BuildOptions  # noqa: PLC0415 (heavy)
    from analysis.operations.watch import CodeChangedError, watch_studies  # noqa: PLC0415

    found = root_of(root)
    options = BuildOptions(found, found / "reports", places=tuple(places))
    names = studies_of(found, studies)
    print_event = _print_event_as_json if as_json else _print_event
    try:
        for event in watch_studies(options, names, port):
            print_event(event)
            sys.stdout.flush()
    except CodeChangedError:
        # The modules of this process, and those imported for kernels, are those of before.
        os.execv(sys.executable, [sys.executable, "-m", "analysis.cli", *sys.argv[1:]])  # noqa: S606
    except KeyboardInterrupt:
        if not as_json:
            terminal.echo("Stopped.")


def _print_event(event: str | Rebuilt) -> None:
    if isinstance(event, str):
        terminal.echo(f"Open {event}\n{WATCHED}")
    elif isinstance(event.outcome, CompendiumError):
        terminal.print_error(str(event.outcome))
    else:
        terminal.print_build(event.outcome)
        terminal.echo(f"  in {event.seconds:.1f} seconds")


def _print_event_as_json(event: str | Rebuilt) -> None:
    """Print an event in a line, for another program."""
    shown: dict[str, object]
    if isinstance(event, str):
        shown = {"address": event}
    elif isinstance(event.outcome, CompendiumError):
        shown = {"refused": event.outcome.as_json()}
    else:
        study, seconds = event.outcome.study, round(event.seconds, 2)
        shown = {"study": study, **_as_json(event.outcome), "seconds": seconds}
    terminal.echo(json.dumps(shown, ensure_ascii=False))


def _as_json(result: BuildResult) -> dict[str, object]:
    """Return what a build did; its changes are null where there was no release before."""
    return {name: value for name, value in asdict(result).items() if name != "study"}


@click.command()
@of_studies
@AS_JSON
def why(
    *,
    studies: Sequence[str],
    places: Sequence[str],
    out: Path | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """List what a build will do, what it may do, and why.

    Names the first input, module, parameter or version that differs from the last build, and rows
    that were added, removed or changed. All studies, if none is named.
    """
    from analysis.engine.explain import explain  # noqa: PLC0415 (heavy)
    from analysis.engine.options import BuildOptions  # noqa: PLC0415

    found = root_of(root)
    options = BuildOptions(found, (out or found / "reports").resolve(), places=tuple(places))
    reasons = {name: explain(options, name) for name in studies_of(found, studies)}
    if as_json:
        print_json({name: [asdict(each) for each in listed] for name, listed in reasons.items()})
        return
    for name, listed in reasons.items():
        terminal.print_reasons(name, listed)


@click.command()
@A_STUDY
@OF_PLACES
@IN_ROOT
@AS_JSON
def check(*, study: str, places: Sequence[str], root: Path | None, as_json: bool) -> None:
    """Check the tables of a study as received, and report what a build would refuse."""
    from analysis.engine.plan import require_buildable  # noqa: PLC0415 (heavy)
    from analysis.quality.checks import check_named  # noqa: PLC0415
    from analysis.study.opened_study import open_study  # noqa: PLC0415
    from analysis.tables.participants import exact_totals  # noqa: PLC0415

    found = root_of(root)
    report = check_named(found, study, tuple(places))
    totals = exact_totals(open_study(found, study, may_lack_codebook=True))
    if not as_json:
        terminal.print_outcomes(report)
        terminal.print_totals(totals)
    if not report.critical:
        require_buildable(found, study, places)
    if as_json:
        participants = [asdict(total) for total in totals]
        print_json({**report.for_terminal(), "participants": participants})
    if report.critical:
        sys.exit(REFUSED)


@click.command()
@A_STUDY
@click.argument("file", type=FOLDER)
@click.option(
    "--focus-group", default="", help="The focus group of the source, if the study has several."
)
@IN_ROOT
@AS_JSON
def check_source(
    *, study: str, file: Path, focus_group: str, root: Path | None, as_json: bool
) -> None:
    """Check restated segments against their source."""
    from analysis.quality.source_check import check_study_source, require_source  # noqa: PLC0415
    from analysis.study.opened_study import open_study  # noqa: PLC0415

    folder = open_study(root_of(root), study).folder
    found = check_study_source(folder, file, focus_group=focus_group)
    if as_json:
        print_json(asdict(found))
    require_source(found)
    if not as_json:
        terminal.print_source(found)


@click.command()
@click.argument("claim")
@click.option(
    "--study", default="", help="The study. [default: all]", shell_complete=complete_study
)
@IN_ROOT
@AS_JSON
def trace(*, claim: str, study: str, root: Path | None, as_json: bool) -> None:
    """Print the evidence of a number in a report.

    CLAIM is the id of a claim, as in the address of its evidence.
    """
    from analysis.publishing.trace import trace_claim  # noqa: PLC0415 (heavy)

    traces = trace_claim(root_of(root), claim, study=study)
    if as_json:
        print_json([asdict(each) for each in traces])
    else:
        for each in traces:
            terminal.print_trace(each)
