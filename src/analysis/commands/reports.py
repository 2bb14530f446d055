"""Commands that build reports, check what they rest on, and trace it; no study is changed."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from analysis import terminal
from analysis.commands.options import (
    AS_JSON,
    FOLDER,
    IN_ROOT,
    OF_PLACES,
    REFUSED,
    of_studies,
    print_json,
    root_of,
    studies_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command()
@of_studies(out="Where reports go.")
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
@click.option("--force", is_flag=True, help="Do all anew.")
@AS_JSON
def build(
    *,
    studies: Sequence[str],
    places: Sequence[str],
    out: Path | None,
    root: Path | None,
    jobs: int,
    kernel: Any,  # noqa: ANN401 - one of two words, as click has seen to
    limit: int,
    scheduler: str,
    force: bool,
    as_json: bool,
) -> None:
    """Bring reports up to date.

    All or nothing for each study; all studies if none is named.
    """
    from analysis.engine.build import BuildOrder, build_study  # noqa: PLC0415
    from analysis.engine.progress import Silent  # noqa: PLC0415

    found = root_of(root)
    order = BuildOrder(
        found,
        (out or found / "reports").resolve(),
        places=tuple(places),
        jobs=jobs,
        kernels=kernel,
        cell_seconds=limit,
        scheduler=scheduler,
        force=force,
    )
    with terminal.Lines() as lines:
        progress = Silent() if as_json else lines
        built = [build_study(order, name, progress) for name in studies_of(found, studies)]
    if as_json:
        print_json({each.study: {"done": each.done} for each in built})
        return
    for each in built:
        terminal.tell_built(each)
    terminal.say(f"Open {order.reports / 'index.html'}")


@click.command()
@of_studies(out="Where reports are.")
@AS_JSON
def why(
    *,
    studies: Sequence[str],
    places: Sequence[str],
    out: Path | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """Tell what a build would do, and why.

    Names the first input, module, parameter or version that differs from the last build, and rows
    that came, went or changed; for all studies if none is named.
    """
    from analysis.engine.build import BuildOrder  # noqa: PLC0415
    from analysis.engine.explain import explain  # noqa: PLC0415 (heavy)

    found = root_of(root)
    order = BuildOrder(found, (out or found / "reports").resolve(), places=tuple(places))
    reasons = {name: explain(order, name) for name in studies_of(found, studies)}
    if as_json:
        print_json({name: [asdict(each) for each in told] for name, told in reasons.items()})
        return
    for name, told in reasons.items():
        terminal.tell_reasons(name, told)


@click.command()
@click.argument("study")
@OF_PLACES
@IN_ROOT
@AS_JSON
def check(*, study: str, places: Sequence[str], root: Path | None, as_json: bool) -> None:
    """Check the tables of a study as received."""
    from analysis.quality.checks import check_named  # noqa: PLC0415 (heavy)
    from analysis.study.opened_study import open_study  # noqa: PLC0415
    from analysis.tables.participants import exact_totals  # noqa: PLC0415

    found = root_of(root)
    report = check_named(found, study, tuple(places))
    totals = exact_totals(open_study(found, study))
    if as_json:
        participants = [asdict(total) for total in totals]
        print_json({**report.for_terminal(), "participants": participants})
    else:
        terminal.tell_outcomes(report)
        terminal.print_totals(totals)
    if report.critical:
        sys.exit(REFUSED)


@click.command()
@click.argument("study")
@click.argument("file", type=FOLDER)
@click.option("--focus-group", default="", help="Whose source it is, of several.")
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
        terminal.tell_source(found)


@click.command()
@click.argument("claim")
@click.option("--study", default="", help="The study. [default: all]")
@IN_ROOT
@AS_JSON
def trace(*, claim: str, study: str, root: Path | None, as_json: bool) -> None:
    """Print what a number in a report rests on.

    CLAIM is the id of a claim, as in the address of its evidence.
    """
    from analysis.publishing.trace import trace_claim  # noqa: PLC0415 (heavy)

    traces = trace_claim(root_of(root), claim, study=study)
    if as_json:
        print_json([asdict(each) for each in traces])
    else:
        for each in traces:
            terminal.tell_trace(each)
