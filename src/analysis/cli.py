"""The program ``compendium``: arguments in, one call, and what came of it told plainly."""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis import terminal
from analysis.errors import CompendiumError, StudyError
from analysis.study.root import find_root, is_root, study_names
from analysis.study.withdrawal_reasons import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.tables.coded.taking_in import CodedImport

    Decorator = Callable[[Callable[..., None]], Callable[..., None]]

REFUSED = 1
MADE_TO_BEGIN_WITH = 100_000

FOLDER = click.Path(path_type=Path)
IN_ROOT = click.option(
    "--root", type=FOLDER, help="The folder with data/ and notebooks/. [default: found upward]"
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
OF_PLACES = click.option(
    "--place",
    "places",
    multiple=True,
    help="A region or continent, by code or name; may be repeated.",
)


class InOrder(click.Group):
    """Commands in the order in which they are used."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Name the commands as they were defined."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["--help", "-h"]})
def app() -> None:
    """Rebuild, check and trace the synthesis reports of coded focus groups."""


def main() -> None:
    """Run the program; what a person can mend is told without a traceback."""
    # To begin with, much is made that lasts: looking it through for garbage takes a tenth of the
    # time of a build with nothing to do.
    gc.set_threshold(MADE_TO_BEGIN_WITH)
    try:
        app(prog_name="compendium")
    except CompendiumError as error:
        terminal.complain(str(error))
        sys.exit(REFUSED)


def _of_studies(*, out: str) -> Decorator:
    """Take any number of studies, and where their reports are."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for each in (
            IN_ROOT,
            click.option("--out", type=FOLDER, help=f"{out} [default: reports/]"),
            OF_PLACES,
            click.argument("studies", nargs=-1, metavar="[STUDY]..."),
        ):
            command = each(command)
        return command

    return decorate


@app.command()
@_of_studies(out="Where reports go.")
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

    found = _root(root)
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
        built = [build_study(order, name, progress) for name in _studies(found, studies)]
    if as_json:
        _print_json({each.study: {"done": each.done} for each in built})
        return
    for each in built:
        terminal.say(f"{each.study} is {'up to date' if each.was_fresh else 'built'}.")
    terminal.say(f"Open {order.reports / 'index.html'}")


@app.command()
@_of_studies(out="Where reports are.")
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
    from analysis.engine.why import explain  # noqa: PLC0415 (heavy)

    found = _root(root)
    order = BuildOrder(found, (out or found / "reports").resolve(), places=tuple(places))
    reasons = {name: explain(order, name) for name in _studies(found, studies)}
    if as_json:
        _print_json({name: [asdict(each) for each in told] for name, told in reasons.items()})
        return
    for name, told in reasons.items():
        terminal.tell_reasons(name, told)


@app.command()
@click.argument("study")
@OF_PLACES
@IN_ROOT
@AS_JSON
def check(*, study: str, places: Sequence[str], root: Path | None, as_json: bool) -> None:
    """Run the guards on a study as received."""
    from analysis.engine.guarding import check_study  # noqa: PLC0415 (heavy)

    report = check_study(_root(root), study, tuple(places))
    if as_json:
        _print_json(json.loads(report.to_json()))
    else:
        terminal.tell_outcomes(report)
    if report.critical:
        sys.exit(REFUSED)


@app.command()
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

    folder = open_study(_root(root), study).folder
    found = check_study_source(folder, file, focus_group=focus_group)
    if as_json:
        _print_json(asdict(found))
    require_source(found)
    if not as_json:
        terminal.tell_source(found)


@app.command()
@click.argument("study")
@click.option("--synthetic", type=click.IntRange(1), help="How many synthetic focus groups.")
@click.option("--seed", type=int, default=2020, show_default=True, help="Seed of the generator.")
@IN_ROOT
def new(*, study: str, synthetic: int | None, seed: int, root: Path | None) -> None:
    """Make a study folder to fill, or a synthetic study."""
    from analysis.tables.new_study import write_new_study  # noqa: PLC0415 (heavy)
    from analysis.tables.synthetic.writing import write_synthetic_study  # noqa: PLC0415 (heavy)

    if Path(study).name != study:
        raise click.BadParameter(
            "a study has a name and no path: its folder lies in data/", param_hint="STUDY"
        )
    found = _root(root)
    folder = found / "data" / study
    if synthetic is None:
        write_new_study(folder)
        terminal.say(f"Made {folder}: fill its tables, then run: compendium check {study}")
        return
    write_synthetic_study(folder, focus_groups=synthetic, seed=seed, root=found)
    terminal.say(f"Made the synthetic study {study}. Build it with: compendium build {study}")


@app.command("import")
@click.argument("files", nargs=-1, required=True, type=FOLDER, metavar="FILE...")
@click.option("--study", required=True, help="The study whose tables they go into.")
@click.option(
    "--met",
    type=FOLDER,
    help="Of submissions: a table of where focus groups met, if they do not say.",
)
@click.option(
    "--format", "form", default="", help="Of coded data: what it is. [default: recognised]"
)
@click.option("--mapping", type=FOLDER, help="Of coded data: what the files do not tell, as YAML.")
@click.option("--mapping-draft", type=FOLDER, help="Write a mapping to fill in; import nothing.")
@click.option("--places", type=FOLDER, help="Of coded data: the study's own places.csv.")
@IN_ROOT
@AS_JSON
def import_files(
    *,
    files: Sequence[Path],
    study: str,
    met: Path | None,
    form: str,
    mapping: Path | None,
    mapping_draft: Path | None,
    places: Path | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """Take in filled-in templates, or coded data.

    FILE is a submission (a Word document, a PDF, a text, the export of a survey), or what a tool
    for qualitative analysis exports. All of it is accounted for; nothing is written if anything is
    refused.
    """
    from analysis.intake.arrivals import are_coded  # noqa: PLC0415 (heavy)

    found = _root(root)
    if form or mapping or mapping_draft or places or are_coded(files):
        from analysis.tables.coded.taking_in import CodedImport  # noqa: PLC0415 (heavy)

        order = CodedImport(found, study, tuple(files), form, mapping, places)
        _import_coded(order, mapping_draft, as_json=as_json)
        return
    from analysis.tables.taking_in import import_submissions  # noqa: PLC0415 (heavy)

    taken = import_submissions(found, study, files, met)
    if as_json:
        _print_json([asdict(each) for each in taken])
    else:
        terminal.tell_taken_in(study, taken)


def _import_coded(order: CodedImport, draft: Path | None, *, as_json: bool) -> None:
    """Take in coded data, or write a draft of the mapping that it needs."""
    from analysis.tables.coded.mapping_draft import write_draft  # noqa: PLC0415 (heavy)
    from analysis.tables.coded.taking_in import take_in_coded  # noqa: PLC0415 (heavy)

    if draft is not None:
        write_draft(order, draft)
        terminal.say(f"Wrote {draft}: fill it in, then import again with --mapping {draft}")
        return
    taken_in = take_in_coded(order)
    if as_json:
        _print_json({**asdict(taken_in), "account": [x._asdict() for x in taken_in.account]})
    else:
        terminal.tell_coded_taken_in(taken_in)


@app.command()
@click.argument("study")
@click.option("--to", required=True, help="qdpx, qdc, csv or xlsx.")
@click.argument("out", type=FOLDER)
@IN_ROOT
@AS_JSON
def export(*, study: str, to: str, out: Path, root: Path | None, as_json: bool) -> None:
    """Write a study in a form that other tools read.

    What consent withholds is left out, and told.
    """
    from analysis.tables.coded.giving_out import give_out  # noqa: PLC0415 (heavy)

    given_out = give_out(_root(root), study, to, out)
    if as_json:
        _print_json({**asdict(given_out), "account": [x._asdict() for x in given_out.account]})
    else:
        terminal.tell_given_out(given_out, out)


@app.command()
@click.argument("out", type=FOLDER)
@click.option("--language", default="en", show_default=True, help="ISO 639: en, es, fr or pt.")
def template(*, out: Path, language: str) -> None:
    """Write an empty template for a host to fill in.

    OUT is the Word document to write.
    """
    from analysis.intake.template_document import write_template  # noqa: PLC0415 (heavy)

    write_template(out, language)
    terminal.say(f"Made {out}: take it in, filled, with: compendium import {out.name} --study S")


@app.command()
@click.argument("claim")
@click.option("--study", default="", help="The study. [default: all]")
@IN_ROOT
@AS_JSON
def trace(*, claim: str, study: str, root: Path | None, as_json: bool) -> None:
    """Print what a number in a report rests on.

    CLAIM is the id of a claim, as in the address of its evidence.
    """
    from analysis.publishing.tracing import trace_claim  # noqa: PLC0415 (heavy)

    traces = trace_claim(_root(root), claim, study=study)
    if as_json:
        _print_json([asdict(each) for each in traces])
    else:
        for each in traces:
            terminal.tell_trace(each)


@app.command()
@click.argument("study")
@click.argument("focus_group")
@click.option(
    "--reason", type=click.Choice(list(REASONS)), required=True, help="Why, as one of these codes."
)
@click.option("--no-build", is_flag=True, help="Leave the reports to the next build.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, and change nothing.")
@IN_ROOT
@AS_JSON
def withdraw(
    *,
    study: str,
    focus_group: str,
    reason: str,
    no_build: bool,
    dry_run: bool,
    root: Path | None,
    as_json: bool,
) -> None:
    """Take a focus group out of a study for good.

    Its rows and its files as received are deleted, a tombstone stays, and the reports are built
    without it. The claims that change are listed.
    """
    from analysis.engine.build import BuildOrder  # noqa: PLC0415
    from analysis.engine.progress import Silent  # noqa: PLC0415
    from analysis.engine.withdrawing import Wish, Withdrawn, plan, withdraw  # noqa: PLC0415 (heavy)

    found = _root(root)
    order = BuildOrder(found, found / "reports")
    wish = Wish(study, focus_group, reason, datetime.now(UTC).astimezone().date())
    if dry_run:
        done = Withdrawn(plan(order, wish))
    else:
        with terminal.Lines() as lines:
            done = withdraw(order, wish, Silent() if as_json else lines, builds=not no_build)
    if as_json:
        _print_json({"study": study, "dry_run": dry_run, **asdict(done)})
    else:
        terminal.tell_withdrawal(study, done, is_plan=dry_run)


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


def _studies(root: Path, wanted: Sequence[str]) -> Sequence[str]:
    found = wanted or study_names(root)
    if not found:
        raise StudyError(
            "There is no study to build.",
            expected="a folder in data/ that holds study.yaml",
            remedy="compendium new STUDY",
        )
    return found


def _print_json(told: Any) -> None:  # noqa: ANN401
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
