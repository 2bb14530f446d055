"""What the program says on a terminal, and the progress of long work."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from analysis.engine.build import Built
    from analysis.engine.explain import Reason
    from analysis.importing.coded.coded_import import CodedResult
    from analysis.importing.submissions import ImportedSubmission, SubmissionsResult
    from analysis.operations.export import ExportResult
    from analysis.operations.withdraw import Withdrawn
    from analysis.publishing.trace import Trace
    from analysis.quality.outcomes import CheckReport
    from analysis.quality.source_check import SourceCheck
    from analysis.tables.participants import ExactTotal


STYLES = {"critical": "bold red", "warning": "yellow", "info": "cyan"}
TOLD = 20
TOLD_IN_FULL = 3
"""Submissions of which an import tells every repair; of more, the logs do."""


def say(text: str, style: str = "") -> None:
    """Print a text; nothing in it is obeyed by a terminal.

    Parameters
    ----------
    text : str
        The text.
    style : str
        How it looks, in the words of rich.
    """
    if style:
        _console().print(_plain(text), style=style, markup=False)
    else:
        sys.stdout.write(f"{_plain(text)}\n")


def complain(text: str) -> None:
    """Print why the program does not go on."""
    _console(stderr=True).print(_plain(text), markup=False)


def tell_built(built: Built) -> None:
    """Print that a study was built."""
    say(f"{built.study} is {'up to date' if built.was_fresh else 'built'}.")


def tell_reasons(study: str, reasons: Sequence[Reason]) -> None:
    """Print what a build would do for a study, and why."""
    if not reasons:
        say(f"{study} is up to date.")
        return
    pieces = "1 piece" if len(reasons) == 1 else f"{len(reasons)} pieces"
    say(f"{study}: {pieces} of work would be done.", style="bold")
    for (because, rows), alike in groupby(reasons, lambda reason: (reason.told, reason.rows)):
        say(f"  {', '.join(reason.work for reason in alike)}: {because}")
        for row in rows:
            say(f"    {row}", style="cyan")


def tell_outcomes(report: CheckReport) -> None:
    """Print what did not hold on one screen, the gravest first, and last how much held."""
    from analysis.quality.screen import show_on_one_screen  # noqa: PLC0415 (only checks do)

    for line in show_on_one_screen(report):
        say(line.text, style=STYLES.get(line.severity, ""))


def print_totals(totals: Sequence[ExactTotal]) -> None:
    """Print exact numbers of participants, which only those who hold the data see."""
    listed = [
        f"{total.place} {total.people} in {total.focus_groups}"
        + (f" ({total.not_reported} not reported)" if total.not_reported else "")
        for total in totals
    ]
    say(f"Participants, exact, for your methods section, by focus groups: {'; '.join(listed)}.")


def tell_source(found: SourceCheck) -> None:
    """Print that a source holds what was restated from it."""
    say(
        f"{len(found.matched)} of {found.total} segments have their counterpart in the source, "
        "and nothing of its answers is left over."
    )
    if found.differs_elsewhere:
        say(
            "Note: outside its answers, the source is not the one in focus_groups.csv; "
            "compare the date, the hosts and the participants by hand."
        )


def print_submissions(result: SubmissionsResult) -> None:
    """Print what became of imported submissions: counts, what was set aside, repaired, unclear."""
    submissions = result.submissions
    for each in submissions[:TOLD]:
        say(f"{each.sent_as}: focus group {each.focus_group}", style="bold")
        if len(submissions) <= TOLD_IN_FULL:
            say(f"  {each.segments} segments, consent {each.consent}, kept as raw/{each.raw}")
            _print_submission(each)
        else:
            looked_at = len(each.suspicions) + len(each.remainder)
            mended = f"{len(each.repairs)} mended, {looked_at} to look at"
            say(f"  {each.segments} segments, consent {each.consent}, {mended}")
    if len(submissions) > TOLD:
        say(f"and {len(submissions) - TOLD} more.")
    if len(submissions) > TOLD_IN_FULL:
        say("The logs raw/*.import.json list what was mended, and what to look at.")
    account = result.account
    aside = sum(account.set_aside.values())
    say(f"{account.received} items = {account.kept} kept + {aside} set aside:")
    for reason in account.reasons():
        say(f"  {reason}")
    segments = sum(each.segments for each in submissions)
    imported = {"focus_groups": len(submissions), "segments": segments}
    _print_imported(result.study, imported, result.in_study)


def _print_imported(study: str, imported: Mapping[str, int], in_study: Mapping[str, int]) -> None:
    """Print how many rows came, how many the study has now, and what to do next."""
    say(f"Imported {_count_rows(imported)}.")
    say(f"{study} now has {_count_rows(in_study)}. Next: compendium check {study}")


ROWS_OF = {
    "focus_groups": "focus group",
    "segments": "segment",
    "code_applications": "code application",
    "codebook": "row of the codebook",
}


def _count_rows(rows: Mapping[str, int]) -> str:
    """Return the numbers of rows of tables in words.

    Examples
    --------
    >>> _count_rows({"codebook": 2, "segments": 1200, "focus_groups": 1})
    '1 focus group, 1,200 segments and 2 rows of the codebook'
    """
    counts = [
        f"{rows[table]:,} {name if rows[table] == 1 else _plural(name)}"
        for table, name in ROWS_OF.items()
        if table in rows
    ]
    return " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))


def _plural(name: str) -> str:
    first, space, rest = name.partition(" of ")
    return f"{first}s{space}{rest}"


def tell_trace(traced: Trace) -> None:
    """Print a claim and the segments that it rests on."""
    from analysis.synthesis.claims import Claim  # noqa: PLC0415 (only traces show claims)

    claim = Claim(**traced.claim)
    say(f"{claim.label}: {claim.text} {claim.unit}", style="bold")
    say(f"{traced.study}, report {traced.report}, cell {claim.cell}")
    for caveat in claim.caveats:
        say(f"Caveat: {caveat}", style="yellow")
    for segment in traced.segments:
        where = f"  ({segment.where})" if segment.where else ""
        say(f"\n{segment.segment}{where}", style="cyan")
        say(segment.text)


def print_coded_import(result: CodedResult) -> None:
    """Print what became of each item of coded data, and what to do next."""
    for line in result.account:
        say(line.describe())
    for notice in result.notices:
        say(f"Note: {notice}", style="yellow")
    _print_imported(result.study, result.imported, result.in_study)


def print_export(result: ExportResult, out: Path) -> None:
    """Print what was written of a study, and what was withheld."""
    for line in result.account:
        say(line.describe(kept="written", aside="withheld", received="in the study"))
    say(f"Wrote {out}")


STILL_HOLDS = (
    "Still held elsewhere: earlier versions of these files under version control, copies, clones, "
    "and reports that were published or built with --out. docs/consent.md tells what to do there."
)


def print_withdrawal(study: str, done: Withdrawn, *, is_plan: bool) -> None:
    """Print what went with a focus group, or would go, and the claims that changed."""
    taken = done.withdrawal
    group, verb = taken.tombstone.focus_group, "would leave" if is_plan else "left"
    say(f"{group} {verb} {study}: {taken.tombstone.reason}.", style="bold")
    for table, rows in taken.rows.items():
        say(f"  {table}: {rows} row{'' if rows == 1 else 's'}")
    for name in taken.raw_files:
        say(f"  {name}: {'would be ' if is_plan else ''}deleted")
    for name in taken.shared_files:
        say(f"  {name}: tells of other focus groups too; take {group} out of it by hand", "yellow")
    if is_plan:
        say("Nothing was changed.")
        return
    _print_changes(study, done)
    say(STILL_HOLDS, style="yellow")


def print_folders(folders: Sequence[Path], root: Path) -> None:
    """Print the folders that go with a study."""
    say("These folders would be deleted:")
    for folder in folders:
        say(f"  {folder.relative_to(root).as_posix()}")


def print_removal(study: str) -> None:
    """Print that a study was removed, and where it may still be."""
    say(f"{study} is removed, with its reports and build files.")
    say(STILL_HOLDS, style="yellow")


def _print_changes(study: str, done: Withdrawn) -> None:
    if not done.is_built:
        say(f"The reports still hold it until you run: compendium build {study}", style="yellow")
        return
    if done.changes is None:
        say("The last release cannot be read: which claims changed is not known.", style="yellow")
        return
    say(f"{len(done.changes)} claims changed.", style="bold")
    for change in done.changes:
        say(f"  {change.report}, {change.claim} ({change.label}): {change.old} → {change.new}")


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


@cache
def _console(*, stderr: bool = False) -> Console:
    """Return where to print what is more than plain text; most of what is said needs none."""
    from rich.console import Console  # noqa: PLC0415 (a tenth of a build with nothing to do)

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def _plain(text: str) -> str:
    """Return a text in which what a terminal would obey is seen instead."""
    return "".join(
        "\ufffd" if unicodedata.category(each) == "Cc" and each not in "\n\t" else each
        for each in text
    )


def _print_submission(each: ImportedSubmission) -> None:
    for repair in each.repairs:
        say(f"  mended: {repair.place}, {repair.what}")
    for suspicion in each.suspicions:
        say(f"  look at: {suspicion.place} {suspicion.what}", style="yellow")
    for place in each.remainder:
        say(f"  left out: {place} belongs to no question", style="yellow")
