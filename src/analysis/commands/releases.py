"""Commands about releases: verify, compare, publish and pack them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis import terminal
from analysis.commands.options import (
    A_STUDY,
    AS_JSON,
    FOLDER,
    IN_ROOT,
    REFUSED,
    complete_study,
    print_json,
    root_of,
    studies_of,
)
from analysis.progress import BuildProgress

if TYPE_CHECKING:
    from analysis.publishing.release_diff import ReleaseDiff
    from analysis.publishing.verification import Verification

AS_HTML = click.option("--html", type=FOLDER, help="Also write it as a page.")


@click.command()
@click.argument("study", metavar="[STUDY|ZIP]", default="", shell_complete=complete_study)
@click.option("--independent", is_flag=True, help="Also recount every number in plain Python.")
@AS_HTML
@IN_ROOT
@AS_JSON
def verify(
    *, study: str, independent: bool, html: Path | None, root: Path | None, as_json: bool
) -> None:
    """Rebuild a study in a clean place, and compare every published number.

    All studies, if none is named. Lists the numbers that differ, and why. The JSON, or the page, is
    a receipt. Of a zip that compendium pack wrote, only its tables are used: the installed code
    rebuilds the reports.
    """
    from analysis.publishing.comparison_pages import write_receipt  # noqa: PLC0415 (heavy)

    if html and not study:
        raise click.UsageError("--html needs a study or a zip.")
    verified = _verify(study, root, independent=independent, is_silent=as_json)
    for each in verified:
        if html:
            write_receipt(each, html)
        if not as_json:
            print_verification(each)
    if as_json:
        records = [each.record() for each in verified]
        print_json(records[0] if study else records)
    if not all(each.holds for each in verified):
        sys.exit(REFUSED)


def _verify(
    study: str, root: Path | None, *, independent: bool, is_silent: bool
) -> list[Verification]:
    from analysis.engine.options import BuildOptions, Silent  # noqa: PLC0415 (heavy)
    from analysis.operations.verify import verify_study, verify_zip  # noqa: PLC0415

    with BuildProgress() as shown:
        progress = Silent() if is_silent else shown
        if study.lower().endswith(".zip"):
            return [verify_zip(Path(study), progress, independent=independent)]
        found = root_of(root)
        options = BuildOptions(found, found / "reports")
        return [
            verify_study(options, name, progress, independent=independent)
            for name in studies_of(found, [study] if study else [])
        ]


def print_verification(verified: Verification) -> None:
    """Print how many published numbers hold, and why others don't."""
    terminal.echo(f"{verified.study}: {verified.headline}.", style="bold")
    for line in verified.details:
        terminal.echo(line)
    terminal.print_changes(verified.differing)
    if verified.recount:
        terminal.print_first(verified.recount.differing)
    if verified.holds and verified.differences:
        terminal.echo("Changed since, without moving a number:")
        terminal.print_first(verified.differences)


@click.command()
@click.argument("before")
@click.argument("after", default=".")
@click.option(
    "--study", default="", help="The study, where several are there.", shell_complete=complete_study
)
@AS_HTML
@IN_ROOT
@AS_JSON
def diff(
    *, before: str, after: str, study: str, html: Path | None, root: Path | None, as_json: bool
) -> None:
    """List the numbers that differ between two releases, and why.

    BEFORE and AFTER are folders or zips of releases, revisions of git, or . for the checkout.
    """
    from analysis.operations.diff import diff_releases  # noqa: PLC0415 (heavy)
    from analysis.publishing.comparison_pages import write_comparison  # noqa: PLC0415

    found = diff_releases(root_of(root), before, after, study)
    if html:
        write_comparison(found, before, after, html)
    if as_json:
        print_json(found.record())
    else:
        print_diff(found)


def print_diff(found: ReleaseDiff) -> None:
    """Print what differs between two releases."""
    terminal.echo(f"{found.headline}; {found.same:,} are the same.", style="bold")
    terminal.print_changes(found.moved)
    for heading, lines in found.lists.items():
        if lines:
            terminal.echo(f"{heading}:", style="bold")
            terminal.print_first(lines)


@click.command()
@A_STUDY
@click.option(
    "--tag", default="", help="The tag of git that will name it. [default: v and the version]"
)
@IN_ROOT
@AS_JSON
def publish(*, study: str, tag: str, root: Path | None, as_json: bool) -> None:
    """Verify a study, and keep the numbers that readers will cite.

    Writes data/STUDY/published/ and brings CITATION.cff up to date. You commit and tag.
    """
    from analysis.engine.options import BuildOptions, Silent  # noqa: PLC0415 (heavy)
    from analysis.operations.publish import publish_study  # noqa: PLC0415

    found = root_of(root)
    with BuildProgress() as shown:
        progress = Silent() if as_json else shown
        done = publish_study(BuildOptions(found, found / "reports"), study, tag, progress)
    if as_json:
        print_json(vars(done))
        return
    terminal.echo(f"{study}: all {done.claims:,} numbers hold, and are published as {done.tag}.")
    terminal.echo("Next, commit and tag them:")
    terminal.echo(f"  git add data/{study} reports/{study} CITATION.cff")
    terminal.echo(f'  git commit -m "Publish {study} {done.tag}"')
    terminal.echo(f'  git tag -a {done.tag} -m "{study} {done.tag}"')
    terminal.echo(f"  compendium pack {study}")


@click.command()
@A_STUDY
@click.option("--out", type=FOLDER, help="The zip. [default: build/STUDY-TAG.zip]")
@IN_ROOT
@AS_JSON
def pack(*, study: str, out: Path | None, root: Path | None, as_json: bool) -> None:
    """Write the published release of a study as one zip for an archive."""
    from analysis.operations.pack import pack_study  # noqa: PLC0415 (heavy)

    packed = pack_study(root_of(root), study, out)
    if as_json:
        print_json({"zip": str(packed.path), "sha256": packed.sha256, "files": packed.files})
        return
    for line in packed.withheld:
        terminal.echo(line, style="yellow")
    terminal.echo(f"Wrote {packed.path}: {packed.files:,} files, SHA-256 {packed.sha256}")
    terminal.echo(f"Check it: compendium verify {packed.path}")
