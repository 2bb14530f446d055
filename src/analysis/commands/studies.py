"""Commands that create a study, import into it, export it, and withdraw from it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis import terminal
from analysis.commands.options import (
    A_STUDY,
    AS_JSON,
    FOLDER,
    IN_ROOT,
    complete_study,
    print_json,
    root_of,
)
from analysis.errors import count
from analysis.progress import BuildProgress
from analysis.tables.tombstones import REASONS, Tombstone

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from datetime import date

    from analysis.importing.coded.coded_import import CodedImport


@click.command()
@click.argument("study")
@click.option("--synthetic", type=click.IntRange(1), help="How many synthetic focus groups.")
@click.option("--example", is_flag=True, help="Two invented focus groups, coded, to start from.")
@click.option("--seed", type=int, default=2020, show_default=True, help="Seed of the generator.")
@click.option(
    "--stratum",
    "strata",
    multiple=True,
    help="A stratum, a site or an archive, in place of countries; may be repeated.",
)
@IN_ROOT
@AS_JSON
def new(
    *,
    study: str,
    synthetic: int | None,
    example: bool,
    seed: int,
    strata: Sequence[str],
    root: Path | None,
    as_json: bool,
) -> None:
    """Create a study folder to fill, an example to start from, or a synthetic study."""
    from analysis.engine.failures import storage_errors  # noqa: PLC0415
    from analysis.synthetic.write import (  # noqa: PLC0415 (heavy)
        write_example_study,
        write_synthetic_study,
    )
    from analysis.tables.new_study import write_new_study  # noqa: PLC0415 (heavy)

    if Path(study).name != study:
        raise click.BadParameter(
            "give a name, not a path: the folder of a study is in data/", param_hint="STUDY"
        )
    if example and (strata or synthetic is not None):
        raise click.UsageError("--example goes with neither --synthetic nor --stratum")
    if strata and synthetic is not None:
        raise click.UsageError("--stratum is for a study to fill, and not for a synthetic one")
    found = root_of(root)
    folder = found / "data" / study
    with storage_errors(f"a folder {folder}, whole or not at all: none was made"):
        if example:
            write_example_study(folder, _today())
        elif synthetic is None:
            write_new_study(folder, _today(), strata)
        else:
            write_synthetic_study(folder, focus_groups=synthetic, seed=seed, root=found)
    if as_json:
        print_json({"study": study, "folder": str(folder)})
    elif example:
        terminal.echo(
            f"Created {folder}, an example of two invented focus groups. Its README.md says how to "
            f"start from it. Next: compendium build {study}"
        )
    elif synthetic is None:
        terminal.echo(
            f"Created {folder}. Edit its study.yaml, import data or fill its tables, then run: "
            f"compendium check {study}"
        )
    else:
        terminal.echo(f"Created the synthetic study {study}. Next: compendium build {study}")


@click.command()
@click.argument("out", type=FOLDER)
@click.option("--language", default="en", show_default=True, help="ISO 639: en, es, fr or pt.")
@IN_ROOT
@AS_JSON
def template(*, out: Path, language: str, root: Path | None, as_json: bool) -> None:
    """Write an empty template for a host to fill in.

    OUT is the Word document to write.
    """
    from analysis.intake.template_document import write_template  # noqa: PLC0415 (heavy)

    if root is not None:
        root_of(root)  # the template is the same in all, but a wrong folder is refused
    write_template(out, language)
    if as_json:
        print_json({"template": str(out)})
    else:
        terminal.echo(f"Wrote {out}. When it is filled in: compendium import {out.name} --study S")


@click.command()
@click.argument("out", type=FOLDER)
@IN_ROOT
@AS_JSON
def exercises(*, out: Path, root: Path | None, as_json: bool) -> None:
    """Write exercises for a class, and their solutions.

    OUT is a folder that gets exercises/ and solutions/; nothing in it is overwritten.
    """
    from analysis.operations.exercises import write_exercises  # noqa: PLC0415 (heavy)

    found = root_of(root)
    written = write_exercises(found, out)
    if as_json:
        print_json({"written": [str(path) for path in written]})
        return
    terminal.echo(f"Wrote {len(written) // 2} exercises, and their solutions, to {out}.")
    if not out.resolve().is_relative_to(found):
        terminal.echo(f"They find the study when they are below {found}.")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=FOLDER, metavar="FILE...")
@click.option(
    "--study", required=True, help="The study to import into.", shell_complete=complete_study
)
@click.option(
    "--met",
    type=FOLDER,
    help="For submissions: a table of where and when focus groups met, if they don't state it.",
)
@click.option(
    "--format",
    "file_format",
    default="",
    metavar="FORMAT",
    help="For coded data: its format; docs/imports.md lists them. [default: recognised]",
)
@click.option("--mapping", type=FOLDER, help="For coded data: what the files don't state, as YAML.")
@click.option("--mapping-draft", type=FOLDER, help="Write a mapping to fill in; import nothing.")
@click.option("--places", type=FOLDER, help="For coded data: the study's own places.csv.")
@IN_ROOT
@AS_JSON
def import_files(
    *,
    files: Sequence[Path],
    study: str,
    met: Path | None,
    file_format: str,
    mapping: Path | None,
    mapping_draft: Path | None,
    places: Path | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """Import filled-in templates, or coded data.

    FILE is a submission (a Word document, a PDF, a text, the export of a survey), or an export of a
    tool for qualitative analysis. Each item is accounted for; nothing is written if anything is
    refused.
    """
    from analysis.importing.detect import are_coded  # noqa: PLC0415 (heavy)

    found = root_of(root)
    if file_format or mapping or mapping_draft or places or are_coded(files):
        from analysis.importing.coded.coded_import import CodedImport  # noqa: PLC0415 (heavy)

        if met is not None:
            raise click.UsageError(
                "--met is for submissions; for coded data, a --mapping says where people met."
            )
        order = CodedImport(found, study, tuple(files), file_format, mapping, places)
        _import_coded(order, mapping_draft, as_json=as_json)
        return
    from analysis.importing.submissions import import_submissions  # noqa: PLC0415 (heavy)

    imported = import_submissions(found, study, files, met)
    unreviewed = _scan(found, study)
    if as_json:
        print_json({**asdict(imported), "personal_data": unreviewed})
    else:
        terminal.print_submissions(imported)
        terminal.print_unreviewed(study, unreviewed)


def _scan(root: Path, study: str) -> dict[str, Counter[str]]:
    """Return what the scan for personal data finds in a study after an import."""
    from analysis.quality.personal_data.table_scan import count_unreviewed  # noqa: PLC0415 (heavy)

    return count_unreviewed(root / "data" / study)


def _import_coded(order: CodedImport, draft: Path | None, *, as_json: bool) -> None:
    """Import coded data, or write a draft of the mapping that it needs."""
    from analysis.importing.coded.coded_import import import_coded  # noqa: PLC0415 (heavy)
    from analysis.importing.coded.mapping_draft import write_draft  # noqa: PLC0415 (heavy)

    if draft is not None:
        write_draft(order, draft)
        if as_json:
            print_json({"mapping_draft": str(draft)})
        else:
            terminal.echo(f"Wrote {draft}: fill it in, then import again with --mapping {draft}")
        return
    result = import_coded(order)
    unreviewed = _scan(order.root, order.study)
    if as_json:
        print_json({**asdict(result), "personal_data": unreviewed})
    else:
        terminal.print_coded_import(result)
        terminal.print_unreviewed(order.study, unreviewed)


@click.command()
@A_STUDY
@click.option("--place", required=True, help="A region or a continent, by code or name.")
@click.option("--out", type=FOLDER, help="The file to write. [default: the study's findings.csv]")
@IN_ROOT
@AS_JSON
def findings(*, study: str, place: str, out: Path | None, root: Path | None, as_json: bool) -> None:
    """Draft the findings of a place.

    Candidates are topics that many focus groups raised, with counts and passages. You write the
    sentences; reports show rows that have one.
    """
    from analysis.operations.draft_findings import draft_findings  # noqa: PLC0415 (heavy)

    drafted = draft_findings(root_of(root), study, place, out)
    if as_json:
        print_json({**asdict(drafted), "path": str(drafted.path)})
    else:
        terminal.echo(
            f"Wrote {count(drafted.candidates, 'candidate')} for {drafted.place} to "
            f"{drafted.path}. Write a "
            "sentence, its author and its date in those that you choose, with a placeholder like "
            "{prevalence.CODE@QUESTION} for each number. "
            f"Next: compendium build {study}"
        )


@click.command()
@A_STUDY
@click.option("--to", required=True, help="qdpx, qdc, csv or xlsx.")
@click.argument("out", type=FOLDER)
@IN_ROOT
@AS_JSON
def export(*, study: str, to: str, out: Path, root: Path | None, as_json: bool) -> None:
    """Write a study in a format that other tools read.

    Nothing is written if a check of its tables is critical. Items that consent withholds are left
    out and counted.
    """
    from analysis.operations.export import export_study  # noqa: PLC0415 (heavy)

    exported = export_study(root_of(root), study, to, out)
    if as_json:
        print_json(asdict(exported))
    else:
        terminal.print_export(exported, out)


def _today() -> date:
    """Return the day that it is where the user is."""
    return datetime.now(UTC).astimezone().date()


@click.command()
@A_STUDY
@click.argument("focus_group")
@click.option(
    "--reason", type=click.Choice(REASONS), required=True, help="Why, as one of these codes."
)
@click.option("--no-build", is_flag=True, help="Leave the reports to the next build.")
@click.option("--dry-run", is_flag=True, help="Show what would go, and change nothing.")
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
    from analysis.engine.options import BuildOptions, Silent  # noqa: PLC0415
    from analysis.operations import withdraw as operation  # noqa: PLC0415 (heavy)

    found = root_of(root)
    tombstone = Tombstone(focus_group, _today().isoformat(), reason)
    if dry_run:
        done = operation.Withdrawn(operation.plan(found, study, tombstone))
    else:
        with BuildProgress() as lines:
            progress = Silent() if as_json else lines
            options = BuildOptions(found, found / "reports")
            done = operation.withdraw(options, study, tombstone, progress, builds=not no_build)
    if as_json:
        print_json({"study": study, "dry_run": dry_run, **asdict(done)})
    else:
        terminal.print_withdrawal(study, done, is_plan=dry_run)


@click.command()
@A_STUDY
@click.option("--yes", is_flag=True, help="Remove it without asking.")
@IN_ROOT
@AS_JSON
def remove(*, study: str, yes: bool, root: Path | None, as_json: bool) -> None:
    """Delete a study with its reports and build files.

    Its files as received are deleted too. The index no longer lists it.
    """
    from analysis.operations.remove import folders_of_study, remove_study  # noqa: PLC0415 (heavy)

    found = root_of(root)
    if not yes:
        if as_json:
            raise click.UsageError("--json needs --yes: nobody can be asked")
        terminal.print_folders(folders_of_study(found, study), found)
        click.confirm(terminal.escape(f"Delete all of {study} for good?"), abort=True)
    removed = remove_study(found, study)
    if as_json:
        names = [folder.relative_to(found).as_posix() for folder in removed]
        print_json({"study": study, "removed": names})
    else:
        terminal.print_removal(study)
