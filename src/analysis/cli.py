"""The program ``compendium``: arguments in, one call, and what came of it told plainly."""

from __future__ import annotations

import gc
import json
import sys
import unicodedata
from dataclasses import asdict
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import typer

from analysis.errors import CompendiumError, StudyError
from analysis.study.root import find_root, is_root, study_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from analysis.engine.why import Reason
    from analysis.publishing.tracing import Trace
    from analysis.quality.outcomes import GuardReport, Outcome

REFUSED = 1
MADE_TO_BEGIN_WITH = 100_000

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Rebuild, check and trace the synthesis reports of coded focus groups.",
)

Root = Annotated[
    Path | None,
    typer.Option("--root", help="The folder with data/ and notebooks/. [default: found upward]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
Places = Annotated[
    list[str] | None,
    typer.Option("--place", help="A region or continent, by code or name; may be repeated."),
]


def _refuse_path(study: str) -> str:
    if Path(study).name != study:
        raise typer.BadParameter("a study has a name and no path: its folder lies in data/")
    return study


def main() -> None:
    """Run the program; what a person can mend is told without a traceback."""
    # To begin with, much is made that lasts: looking it through for garbage takes a tenth of the
    # time of a build with nothing to do.
    gc.set_threshold(MADE_TO_BEGIN_WITH)
    try:
        app()
    except CompendiumError as error:
        _console(stderr=True).print(_plain(str(error)), markup=False)
        sys.exit(REFUSED)


@app.command()
def build(
    studies: Annotated[list[str] | None, typer.Argument(help="Studies. [default: all]")] = None,
    *,
    place: Places = None,
    jobs: Annotated[int, typer.Option(min=0, help="Notebooks at once. [default: cores + 1]")] = 0,
    kernel: Annotated[Literal["warm", "plain"], typer.Option(help="How kernels start.")] = "warm",
    limit: Annotated[int, typer.Option(min=1, help="Seconds that a cell may take.")] = 3600,
    scheduler: Annotated[str, typer.Option(help="Dask scheduler, as tcp://host:port.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Do all anew.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where reports go. [default: reports/]")] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Bring the reports of studies up to date, all or nothing for each."""
    from analysis.engine.build import BuildOrder, build_study  # noqa: PLC0415
    from analysis.engine.progress import Silent  # noqa: PLC0415

    found = _root(root)
    order = BuildOrder(
        found,
        (out or found / "reports").resolve(),
        places=tuple(place or ()),
        jobs=jobs,
        kernels=kernel,
        cell_seconds=limit,
        scheduler=scheduler,
        force=force,
    )
    with Lines() as lines:
        progress = Silent() if as_json else lines
        built = [build_study(order, name, progress) for name in _studies(found, studies)]
    if as_json:
        _print_json({each.study: {"done": each.done} for each in built})
        return
    for each in built:
        _print(f"{each.study} is {'up to date' if each.was_fresh else 'built'}.")
    _print(f"Open {order.reports / 'index.html'}")


@app.command()
def why(
    studies: Annotated[list[str] | None, typer.Argument(help="Studies. [default: all]")] = None,
    *,
    place: Places = None,
    out: Annotated[Path | None, typer.Option(help="Where reports are. [default: reports/]")] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a build would do, and which input, code, parameter or version changed."""
    from analysis.engine.build import BuildOrder  # noqa: PLC0415
    from analysis.engine.why import explain  # noqa: PLC0415 (heavy)

    found = _root(root)
    order = BuildOrder(found, (out or found / "reports").resolve(), places=tuple(place or ()))
    reasons = {name: explain(order, name) for name in _studies(found, studies)}
    if as_json:
        _print_json({name: [asdict(each) for each in told] for name, told in reasons.items()})
        return
    for name, told in reasons.items():
        _print_reasons(name, told)


@app.command()
def check(
    study: Annotated[str, typer.Argument(help="The study.")],
    *,
    place: Places = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Run the guards on the tables of a study as received."""
    from analysis.engine.guarding import check_study  # noqa: PLC0415 (heavy)

    report = check_study(_root(root), study, tuple(place or ()))
    if as_json:
        _print_json(json.loads(report.to_json()))
    else:
        _print_outcomes(report)
    if report.critical:
        raise typer.Exit(REFUSED)


@app.command("check-source")
def check_source(
    study: Annotated[str, typer.Argument(help="The study with the restated segments.")],
    file: Annotated[Path, typer.Argument(help="The source as received.")],
    *,
    focus_group: Annotated[str, typer.Option(help="Whose source it is, of several.")] = "",
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Check every restated segment against its source."""
    from analysis.quality.source_check import check_study_source, require_source  # noqa: PLC0415
    from analysis.study.opened_study import open_study  # noqa: PLC0415

    folder = open_study(_root(root), study).folder
    found = check_study_source(folder, file, focus_group=focus_group)
    if as_json:
        _print_json(asdict(found))
    require_source(found)
    if not as_json:
        _print(
            f"{len(found.matched)} of {found.total} segments have their counterpart in the source, "
            "and nothing of its answers is left over."
        )
        if found.differs_elsewhere:
            _print(
                "Note: outside its answers, the source is not the one in focus_groups.csv; "
                "compare the date, the hosts and the participants by hand."
            )


@app.command()
def new(
    study: Annotated[str, typer.Argument(help="The name of the new study.", callback=_refuse_path)],
    *,
    synthetic: Annotated[int | None, typer.Option(min=1, help="Synthetic focus groups.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the generator.")] = 2020,
    root: Root = None,
) -> None:
    """Make a study folder to fill, or a synthetic study."""
    from analysis.tables.new_study import write_new_study  # noqa: PLC0415 (heavy)
    from analysis.tables.synthetic.writing import write_synthetic_study  # noqa: PLC0415 (heavy)

    found = _root(root)
    folder = found / "data" / study
    if synthetic is None:
        write_new_study(folder)
        _print(f"Made {folder}: fill its tables, then run: compendium check {study}")
        return
    write_synthetic_study(folder, focus_groups=synthetic, seed=seed, root=found)
    _print(f"Made the synthetic study {study}. Build it with: compendium build {study}")


@app.command()
def trace(
    claim: Annotated[str, typer.Argument(help="The id of a claim, as in the address of evidence.")],
    *,
    study: Annotated[str, typer.Option(help="The study. [default: all]")] = "",
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Print what a number in a report rests on."""
    from analysis.publishing.tracing import trace_claim  # noqa: PLC0415 (heavy)

    traces = trace_claim(_root(root), claim, study=study)
    if as_json:
        _print_json([asdict(each) for each in traces])
    else:
        for each in traces:
            _print_trace(each)


def _root(given: Path | None) -> Path:
    """Return the folder with data/ and notebooks/: as given, or found upward."""
    if given is None:
        return find_root()
    if not is_root(given):
        raise StudyError(
            "This folder is no compendium.",
            offenders=[f"--root {given}"],
            expected="a folder that holds data/ and notebooks/",
            remedy="correct --root, or leave it out to have the folder found upward",
        )
    return given.resolve()


def _studies(root: Path, wanted: Sequence[str] | None) -> Sequence[str]:
    found = wanted or study_names(root)
    if not found:
        raise StudyError(
            "There is no study to build.",
            expected="a folder in data/ that holds study.yaml",
            remedy="compendium new STUDY",
        )
    return found


def _print_reasons(study: str, reasons: Sequence[Reason]) -> None:
    if not reasons:
        _print(f"{study} is up to date.")
        return
    pieces = "1 piece" if len(reasons) == 1 else f"{len(reasons)} pieces"
    _print(f"{study}: {pieces} of work would be done.", style="bold")
    for (because, rows), alike in groupby(reasons, lambda reason: (reason.told, reason.rows)):
        _print(f"  {', '.join(reason.work for reason in alike)}: {because}")
        for row in rows:
            _print(f"    {row}", style="cyan")


def _print_trace(traced: Trace) -> None:
    from analysis.synthesis.claims import Claim  # noqa: PLC0415 (only traces show claims)

    claim = Claim(**traced.claim)
    _print(f"{claim.label}: {claim.text} {claim.unit}", style="bold")
    _print(f"{traced.study}, report {traced.report}, cell {claim.cell}")
    for caveat in claim.caveats:
        _print(f"Caveat: {caveat}", style="yellow")
    for segment in traced.segments:
        where = f"  ({segment.where})" if segment.where else ""
        _print(f"\n{segment.segment}{where}", style="cyan")
        _print(segment.text)


@cache
def _console(*, stderr: bool = False) -> Console:
    """Return where to print what is more than plain text; most of what is said needs none."""
    from rich.console import Console  # noqa: PLC0415 (a tenth of a build with nothing to do)

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def _print(text: str, style: str = "") -> None:
    if style:
        _console().print(_plain(text), style=style, markup=False)
    else:
        sys.stdout.write(f"{_plain(text)}\n")


def _plain(text: str) -> str:
    """Return a text in which what a terminal would obey is seen instead."""
    return "".join(
        "\ufffd" if unicodedata.category(each) == "Cc" and each not in "\n\t" else each
        for each in text
    )


def _print_json(told: Any) -> None:  # noqa: ANN401
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")


def _print_outcomes(report: GuardReport) -> None:
    """Print what did not hold, the gravest first, then one line on the rest."""
    for outcomes, name, style in (
        (report.critical, "Critical", "bold red"),
        (report.warnings, "Warning", "yellow"),
        (report.infos, "To know", "cyan"),
    ):
        for outcome in outcomes:
            _print_outcome(outcome, name, style)
    held = sum(outcome.held for outcome in report.outcomes)
    _print(f"{held} of {len(report.outcomes)} expectations held.")


def _print_outcome(outcome: Outcome, name: str, style: str) -> None:
    _print(f"{name}: {outcome.message or outcome.fault}", style=style)
    for line in outcome.offenders():
        _print(f"  {line}")
    if outcome.remedy:
        _print(f"  What to do: {outcome.remedy}")


class Lines:
    """Tells the progress of a build: a bar on a terminal, a line for each event elsewhere."""

    def __init__(self, stream: Console | None = None) -> None:
        self._given = stream
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Tell from here on."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was, whatever happened."""
        if self._bar is not None:
            self._bar.stop()

    @property
    def _stream(self) -> Console:
        return self._given or _console(stderr=True)

    def begin(self, study: str, steps: int) -> None:
        """Tell that the work on a study begins, and how many notebooks it takes."""
        if self._stream.is_terminal:
            from rich.progress import Progress as Bar  # noqa: PLC0415 (see _console)

            self._bar = Bar(console=self._stream, transient=True)
            self._task = self._bar.add_task(study, total=steps)
            self._bar.start()
        else:
            self.say(f"{study}: {steps} notebooks")

    def say(self, what: str) -> None:
        """Tell what is being done now."""
        self._stream.print(what, style="dim", markup=False)

    def done(self, name: str, *, has_run: bool) -> None:
        """Tell that a notebook is up to date, and whether it has run for that."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)
        elif has_run:
            self.say(f"  {name}")

    def end(self) -> None:
        """Tell that the work on a study has ended."""
        if self._bar is not None:
            self._bar.stop()


if __name__ == "__main__":
    main()
