"""What the program prints on a terminal."""

from __future__ import annotations

import re
import sys
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from analysis.errors import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from analysis.engine.explain import Reason
    from analysis.engine.options import BuildResult
    from analysis.importing.coded.coded_import import CodedResult
    from analysis.importing.submissions import ImportedSubmission, SubmissionsResult
    from analysis.operations.withdraw import Withdrawn
    from analysis.publishing.claim_diff import ClaimChange
    from analysis.publishing.coded_export import ExportResult
    from analysis.publishing.trace import Trace
    from analysis.quality.outcomes import CheckReport
    from analysis.quality.review_findings import Finding
    from analysis.quality.source_check import SourceCheck
    from analysis.tables.participants import ExactTotal


STYLES = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
LISTED = 20
LISTED_IN_FULL = 3
"""Of more submissions than these, the logs list the repairs."""

CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls (C0 but tab and newline, C1, of direction), separators of lines, lone surrogates."""


def echo(text: str, style: str = "") -> None:
    """Print a text with its control characters escaped, which a terminal would obey.

    Parameters
    ----------
    text : str
        The text.
    style : str
        A style of rich.
    """
    if style:
        console().print(escape(text), style=style, markup=False)
    else:
        sys.stdout.write(f"{escape(text)}\n")


def escape(text: str) -> str:
    r"""Return a text with control characters escaped, in the form that JSON has too.

    Examples
    --------
    >>> print(escape("raised\x1b[2J by \u202eall"))
    raised\u001b[2J by \u202eall
    """
    return CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_error(text: str) -> None:
    """Print why a command was refused."""
    console(stderr=True).print(escape(text), markup=False)


def print_build(result: BuildResult) -> None:
    """Print that a study was built, and which numbers changed."""
    if result.was_up_to_date:
        echo(f"{result.study} is up to date.")
    elif result.changes is None:
        echo(f"{result.study} is built: its first release.")
    else:
        echo(f"{result.study} is built: {count(len(result.changes), 'number')} changed.")
        print_changes(result.changes[:LISTED])
        if len(result.changes) > LISTED:
            left = len(result.changes) - LISTED
            echo(f"and {left:,} more; a build with --json lists all.")


def print_changes(changes: Sequence[ClaimChange]) -> None:
    """Print numbers that changed, those with the same cause together."""
    by_cause: dict[str, list[ClaimChange]] = {}
    for each in changes:
        by_cause.setdefault(each.cause, []).append(each)
    for cause, same in by_cause.items():
        if cause:
            echo(f"Because of: {cause}", style="cyan")
        print_first([f"{each.claim} ({each.label}): {each.old} \u2192 {each.new}" for each in same])


def print_first(lines: Sequence[str]) -> None:
    """Print the first lines of a list, and how many more there are."""
    for line in lines[:LISTED]:
        echo(f"  {line}")
    if len(lines) > LISTED:
        echo(f"  and {len(lines) - LISTED:,} more")


def print_reasons(study: str, reasons: Sequence[Reason]) -> None:
    """Print what a build of a study will do, what it may do, and why."""
    if not reasons:
        echo(f"{study} is up to date.")
        return
    for runs, is_certain in (("will run", True), ("may run", False)):
        chosen = [reason for reason in reasons if reason.is_certain == is_certain]
        if not chosen:
            continue
        echo(f"{study}: {count(len(chosen), 'task')} {runs}.", style="bold")
        for (because, rows), same in groupby(chosen, lambda reason: (reason.text, reason.rows)):
            why = because if is_certain else f"{runs} ({because})"
            echo(f"  {', '.join(reason.task for reason in same)}: {why}")
            for row in rows:
                echo(f"    {row}", style="cyan")


def print_outcomes(report: CheckReport) -> None:
    """Print the checks that failed on one screen, the gravest first, and how many passed."""
    from analysis.quality.screen import show_on_one_screen  # noqa: PLC0415 (only checks do)

    for line in show_on_one_screen(report):
        echo(line.text, style=STYLES.get(line.severity, ""))


def print_totals(totals: Sequence[ExactTotal]) -> None:
    """Print exact numbers of participants, if any, which only those who hold the data see."""
    if not any(total.people for total in totals):
        return
    listed = [
        f"{total.place} {total.people} in {total.focus_groups}"
        + (f" ({total.not_reported} not reported)" if total.not_reported else "")
        for total in totals
    ]
    echo(f"Participants, exact, for your methods section, by focus groups: {'; '.join(listed)}.")


def print_source(found: SourceCheck) -> None:
    """Print that a source holds what was restated from it."""
    echo(
        f"{len(found.matched)} of {found.total} segments have their counterpart in the source, "
        "and nothing of its answers is left over."
    )
    if found.differs_elsewhere:
        echo(
            "Note: outside its answers, the source is not the one in focus_groups.csv. Its date, "
            "places and numbers of participants are the same; compare the hosts by hand."
        )


def print_submissions(result: SubmissionsResult) -> None:
    """Print the result of an import of submissions: counts, repairs, items set aside or unclear."""
    submissions = result.submissions
    for each in submissions[:LISTED]:
        echo(f"{each.sent_as}: focus group {each.focus_group}", style="bold")
        segments = count(each.segments, "segment")
        if len(submissions) <= LISTED_IN_FULL:
            echo(f"  {segments}, consent {each.consent}, kept as raw/{each.raw}")
            _print_submission(each)
        else:
            looked_at = len(each.suspicions) + len(each.remainder)
            repaired = f"{len(each.repairs)} repaired, {looked_at} to look at"
            echo(f"  {segments}, consent {each.consent}, {repaired}")
    if len(submissions) > LISTED:
        echo(f"and {len(submissions) - LISTED} more.")
    if len(submissions) > LISTED_IN_FULL:
        echo("The logs raw/*.import.json list what was repaired, and what to look at.")
    account = result.account
    aside = sum(account.set_aside.values())
    echo(f"{account.received} items = {account.kept} kept + {aside} set aside:")
    for reason in account.reasons():
        echo(f"  {reason}")
    rows = sum(each.segments for each in submissions)
    imported = {"focus_groups": len(submissions), "segments": rows}
    _print_imported(result.study, imported, result.in_study)


def _print_imported(study: str, imported: Mapping[str, int], in_study: Mapping[str, int]) -> None:
    """Print how many rows came, how many the study has now, and what to do next."""
    echo(f"Imported {_count_rows(imported)}.")
    echo(f"{study} now has {_count_rows(in_study)}. Next: compendium check {study}")


ROWS_OF = {
    "focus_groups": "focus group",
    "segments": "segment",
    "code_applications": "code application",
    "codebook": "row of the codebook",
    "coded": "row of coded.csv",
}


def _count_rows(rows: Mapping[str, int]) -> str:
    """Return the numbers of rows of tables in words.

    Examples
    --------
    >>> _count_rows({"codebook": 2, "segments": 1200, "focus_groups": 1})
    '1 focus group, 1,200 segments and 2 rows of the codebook'
    """
    counts = [count(rows[table], name) for table, name in ROWS_OF.items() if table in rows]
    return " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))


def print_trace(traced: Trace) -> None:
    """Print a claim and the segments that it rests on."""
    from analysis.synthesis.claims import Claim  # noqa: PLC0415 (only traces show claims)

    claim = Claim(**traced.claim)
    echo(f"{claim.label}: {claim.quantity}", style="bold")
    echo(f"{traced.study}, report {traced.report}, cell {claim.cell}")
    for caveat in claim.caveats:
        echo(f"Caveat: {caveat}", style="yellow")
    if traced.changed_tables:
        echo(
            f"Changed since this release: {', '.join(traced.changed_tables)}. The words below are "
            f"those of now. To bring reports up to date: compendium build {traced.study}",
            style="yellow",
        )
    for segment in traced.segments:
        where = f"  ({segment.where})" if segment.where else ""
        echo(f"\n{segment.segment}{where}", style="cyan")
        echo(segment.text)


def print_coded_import(result: CodedResult) -> None:
    """Print the account of each kind of coded data, and what to do next."""
    for line in result.account:
        echo(line.describe())
    for notice in result.notices:
        echo(f"Note: {notice}", style="yellow")
    _print_imported(result.study, result.imported, result.in_study)


def print_unreviewed(study: str, unreviewed: Mapping[str, Mapping[str, int]]) -> None:
    """Print how many findings of personal data nobody has reviewed, by kind, and no word."""
    shown = (("critical", "may identify somebody", "red"), ("warning", "may be a name", "yellow"))
    for severity, what, style in shown:
        kinds = unreviewed[severity]
        if kinds:
            listed = ", ".join(f"{kind} {number:,}" for kind, number in sorted(kinds.items()))
            found = count(sum(kinds.values()), "finding")
            echo(f"Personal data: {found} that {what} ({listed}).", style=style)
    if any(unreviewed.values()):
        echo(f"Go through them: compendium review {study}")


def print_export(result: ExportResult, out: Path) -> None:
    """Print how much of a study was written, and how much was withheld."""
    for line in result.account:
        echo(line.describe(kept="written", aside="withheld", received="in the study"))
    echo(f"Wrote {out}")


CONTEXT = 80
"""Characters of a text that are shown before and after what was found in it."""


def print_finding(finding: Finding, left: int) -> None:
    """Print a finding with its words, for the person who holds the data, and how many are left."""
    echo(f"\n{count(left, 'finding')} left. {finding.where}: {finding.kind}", style="bold")
    if finding.was_reviewed:
        echo("Reviewed before, when its words were others.", style="yellow")
    text, at = "", max(0, finding.spans[0][0] - CONTEXT)
    cut = "\u2026" if at else ""
    for start, end in finding.spans:
        text += f"{finding.text[at:start]}\u00bb{finding.text[start:end]}\u00ab"
        at = end
    rest = finding.text[at : at + CONTEXT]
    more = "\u2026" if len(finding.text) > at + CONTEXT else ""
    echo(f"{cut}{text}{rest}{more}")


def print_undecided(study: str, findings: Sequence[Finding]) -> None:
    """Print where findings are, without their words, and how to decide on them."""
    for each in findings:
        again = ", reviewed when its words were others" if each.was_reviewed else ""
        echo(f"{each.where}: {each.kind} ({each.severity}{again})")
    print_left(study, len(findings))
    if findings:
        echo("Words are shown in a terminal only. To decide without one:")
        echo(f'  all with the same words:  compendium review {study} --phrase "WORDS" --keep')
        echo(f"  one row:                  compendium review {study} --id ID --keep")
        echo("Instead of --keep: --replace-by TEXT, or --set-aside.")


def print_stopped(study: str, decisions: int, left: int) -> None:
    """Print how many decisions of a review are kept, and how to go on."""
    echo(f"{count(decisions, 'decision')} kept.")
    print_left(study, left)


def print_left(study: str, left: int) -> None:
    """Print how many findings are left, and what to run."""
    if left:
        echo(f"{count(left, 'finding')} left. One by one, in a terminal: compendium review {study}")
    else:
        echo(f"No finding is left to review. Next: compendium check {study}")


STILL_HOLDS = (
    "Still held elsewhere: earlier versions of these files under version control, copies, clones, "
    "and reports that were published or built with --out. docs/consent.md says what to do there."
)


def print_withdrawal(study: str, done: Withdrawn, *, is_plan: bool) -> None:
    """Print the rows and files that left with a focus group, and the claims that changed."""
    taken = done.withdrawal
    group, verb = taken.tombstone.focus_group, "would leave" if is_plan else "left"
    echo(f"{group} {verb} {study}: {taken.tombstone.reason}.", style="bold")
    for table, rows in taken.rows.items():
        echo(f"  {table}: {count(rows, 'row')}")
    for name in taken.raw_files:
        echo(f"  {name}: {'would be ' if is_plan else ''}deleted")
    for name in taken.shared_files:
        echo(f"  {name}: is about other focus groups too; remove {group} from it by hand", "yellow")
    if is_plan:
        echo("Nothing was changed.")
        return
    _print_changes(study, done)
    echo(STILL_HOLDS, style="yellow")


def print_folders(folders: Sequence[Path], root: Path) -> None:
    """Print the folders that go with a study."""
    echo("These folders would be deleted:")
    for folder in folders:
        echo(f"  {folder.relative_to(root).as_posix()}")


def print_removal(study: str) -> None:
    """Print that a study was removed, and where it may still be."""
    echo(f"{study} is removed, with its reports and build files.")
    echo(STILL_HOLDS, style="yellow")


def _print_changes(study: str, done: Withdrawn) -> None:
    if not done.is_built:
        echo(f"The reports still hold it until you run: compendium build {study}", style="yellow")
        return
    if done.changes is None:
        echo("The last release cannot be read: which claims changed is not known.", style="yellow")
        return
    echo(f"{count(len(done.changes), 'number')} changed.", style="bold")
    print_changes(done.changes)


@cache
def console(*, stderr: bool = False) -> Console:
    """Return a console of rich, imported only for styled texts: it takes a tenth of a second."""
    from rich.console import Console  # noqa: PLC0415 (see above)

    return Console(stderr=stderr, highlight=False, emoji=False, soft_wrap=True)


def _print_submission(each: ImportedSubmission) -> None:
    for repair in each.repairs:
        echo(f"  repaired: {repair.place}, {repair.what}")
    for suspicion in each.suspicions:
        echo(f"  look at: {suspicion.place} {suspicion.what}", style="yellow")
    for place in each.remainder:
        echo(f"  left out: {place} belongs to no question", style="yellow")
