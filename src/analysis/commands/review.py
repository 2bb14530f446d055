"""The command that goes through findings of personal data, one by one or all with a phrase."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from analysis import terminal
from analysis.commands.options import (
    A_STUDY,
    AS_JSON,
    IN_ROOT,
    INTERRUPTED,
    print_json,
    root_of,
)
from analysis.errors import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.operations.review import Review
    from analysis.quality.personal_data.mentions import Span
    from analysis.quality.review_findings import Finding

KEYS = ("k", "r", "a", "s", "u", "q")
ASKED = "[k]eep, [r]eplace words, set segment [a]side, [s]kip, [u]ndo, [q]uit"


class _Chosen(NamedTuple):
    """Which findings, by their rows, kind and words; all where empty."""

    ids: tuple[str, ...]
    kind: str
    phrase: str

    def of(self, findings: Sequence[Finding]) -> list[Finding]:
        from analysis.quality.review_findings import choose  # noqa: PLC0415 (heavy)

        return choose(findings, ids=self.ids, kind=self.kind, phrase=self.phrase)

    def require_rows(self, findings: Sequence[Finding]) -> None:
        """Refuse ids of rows in which there is no finding to decide on."""
        from analysis.quality.review_findings import require_findings  # noqa: PLC0415 (heavy)

        require_findings(findings, self.ids)


class _Decision(NamedTuple):
    """A decision on all findings that are chosen."""

    keep: bool
    replace_by: str | None
    set_aside: bool
    undo: bool
    reason: str


@click.command()
@A_STUDY
@click.option("--phrase", default="", metavar="WORDS", help="Only findings with these words.")
@click.option("--id", "ids", multiple=True, help="Only findings in the row with this id.")
@click.option("--kind", default="", help="Only findings of this kind, such as name-age.")
@click.option("--keep", is_flag=True, help="Keep all of them.")
@click.option("--replace-by", metavar="TEXT", help="Replace the words in all of them.")
@click.option("--set-aside", is_flag=True, help="Set all these segments aside.")
@click.option("--undo", is_flag=True, help="Remove the decisions to keep for these ids.")
@click.option("--reason", default="", help="Why, without repeating the words.")
@click.option("--reviewer", default="", help="Who decides, by pseudonym. [default: the last one]")
@IN_ROOT
@AS_JSON
def review(
    *,
    study: str,
    phrase: str,
    ids: tuple[str, ...],
    kind: str,
    keep: bool,
    replace_by: str | None,
    set_aside: bool,
    undo: bool,
    reason: str,
    reviewer: str,
    root: Path | None,
    as_json: bool,
) -> None:
    """Go through findings of personal data and record decisions.

    In a terminal, each finding is shown with its words: keep it, replace words, or set the segment
    aside. Each decision is kept at once; stop at any time. With --phrase or --id and a decision,
    all these findings are decided at once. Words are shown in a terminal only.
    """
    chosen = _Chosen(ids, kind, " ".join(phrase.split()))
    decision = _Decision(keep, replace_by, set_aside, undo, reason)
    _require_usable(chosen, decision)
    found = root_of(root)
    if any((keep, replace_by, set_aside, undo)):
        _decide_all(found, study, chosen, decision, reviewer, as_json=as_json)
    elif as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _list(found, study, chosen, as_json=as_json)
    else:
        _go_through(found, study, chosen, reviewer)


def _require_usable(chosen: _Chosen, decision: _Decision) -> None:
    from analysis.quality.personal_data.scan import KIND_IDS  # noqa: PLC0415 (heavy)

    if chosen.kind and chosen.kind not in KIND_IDS:
        raise click.BadParameter(f"one of {', '.join(KIND_IDS)}", param_hint="--kind")
    if decision.replace_by is not None and not decision.replace_by.strip():
        raise click.BadParameter("give the new words", param_hint="--replace-by")
    made = (decision.keep, bool(decision.replace_by), decision.set_aside, decision.undo)
    if sum(made) > 1:
        raise click.UsageError("Give one of --keep, --replace-by, --set-aside and --undo.")
    if any(made) and not (chosen.ids or chosen.phrase):
        raise click.UsageError("Which findings? Add --phrase or --id.")
    if decision.undo and not chosen.ids:
        raise click.UsageError("--undo needs --id: which rows are reviewed again.")


def _list(root: Path, study: str, chosen: _Chosen, *, as_json: bool) -> None:
    from analysis.operations.review import list_undecided  # noqa: PLC0415 (heavy)

    undecided = list_undecided(root, study)
    chosen.require_rows(undecided)
    left = chosen.of(undecided)
    if as_json:
        print_json({"study": study, "findings": [_as_json(each) for each in left]})
    else:
        terminal.print_undecided(study, left)


def _decide_all(
    root: Path,
    study: str,
    chosen: _Chosen,
    decision: _Decision,
    reviewer: str,
    *,
    as_json: bool,
) -> None:
    """Make one decision on all findings that are chosen."""
    from analysis.operations.review import open_review  # noqa: PLC0415 (heavy)

    with open_review(root, study, reviewer) as opened:
        decided, what = _decide(opened, chosen, decision)
        left = opened.left()
    if as_json:
        findings = [_as_json(each) for each in left]
        print_json({"study": study, "decided": decided, "findings": findings})
        return
    terminal.echo(f"{count(decided, what)} {_past(decision)}.")
    passed_over = [] if decision.undo or not chosen.phrase else chosen.of(left)
    if passed_over:
        terminal.echo(
            f"{count(len(passed_over), 'finding')} with these words "
            "still open: they have other words too, or can't be decided this way.",
            style="yellow",
        )
    terminal.print_left(study, len(left))


def _decide(opened: Review, chosen: _Chosen, decision: _Decision) -> tuple[int, str]:
    """Make a decision, and return how many things it is about, and their name."""
    from analysis.operations.review import KEPT, SET_ASIDE  # noqa: PLC0415 (heavy)
    from analysis.quality.review_findings import is_within  # noqa: PLC0415 (heavy)

    if decision.undo:
        return opened.forget(chosen.ids), "decision"
    if decision.replace_by and chosen.phrase and not chosen.ids:
        return opened.replace_phrase(chosen.phrase, decision.replace_by), "text"
    undecided = opened.left()
    chosen.require_rows(undecided)
    findings = chosen.of(undecided)
    if decision.replace_by:
        return opened.replace_found(findings, decision.replace_by), "text"
    if decision.set_aside:
        findings = [each for each in findings if each.is_in_segment]
        if findings:
            opened.set_aside(findings, decision.reason or SET_ASIDE)
        return len({each.row for each in findings}), "segment"
    if chosen.phrase:
        findings = [each for each in findings if is_within(each, chosen.phrase)]
    if findings:
        opened.keep(findings, decision.reason or KEPT)
    return len(findings), "finding"


def _past(decision: _Decision) -> str:
    if decision.undo:
        return "removed"
    if decision.set_aside:
        return "set aside"
    return "changed" if decision.replace_by else "kept"


def _go_through(root: Path, study: str, chosen: _Chosen, reviewer: str) -> None:
    """Show one finding after another, and ask what to do with it."""
    from analysis.operations.review import open_review  # noqa: PLC0415 (heavy)

    with open_review(root, study, reviewer) as opened:
        chosen.require_rows(opened.left())
        try:
            if opened.left() and not reviewer:
                asked = "Your pseudonym as reviewer"
                opened.reviewer = click.prompt(asked, default=opened.reviewer)
            _ask_all(opened, chosen)
        except click.Abort as stopped:
            terminal.echo("")
            terminal.print_stopped(study, opened.decisions, len(opened.left()))
            if isinstance(stopped.__context__, KeyboardInterrupt):
                sys.exit(INTERRUPTED)
            return
        terminal.print_stopped(study, opened.decisions, len(opened.left()))


def _ask_all(opened: Review, chosen: _Chosen) -> None:
    skipped: set[tuple[str, ...]] = set()
    while True:
        left = [each for each in chosen.of(opened.left()) if each.about not in skipped]
        if not left:
            return
        finding = left[0]
        terminal.print_finding(finding, len(left))
        key = click.prompt(ASKED, type=click.Choice(KEYS), show_choices=False)
        if key == "q":
            return
        if key == "s":
            skipped.add(finding.about)
        elif key == "u":
            undone = opened.undo()
            terminal.echo("The last decision is taken back." if undone else "Nothing to take back.")
        else:
            _ask(opened, finding, key)


def _ask(opened: Review, finding: Finding, key: str) -> None:
    """Ask for the words or the reason of a decision, and make it."""
    from analysis.errors import StudyError  # noqa: PLC0415
    from analysis.operations.review import KEPT, SET_ASIDE  # noqa: PLC0415 (heavy)

    try:
        if key == "k":
            opened.keep([finding], _ask_reason(KEPT))
        elif key == "a" and finding.is_in_segment:
            opened.set_aside([finding], _ask_reason(SET_ASIDE))
        elif key == "r" and finding.is_free_text:
            words = _ask_words(finding)
            if words:
                opened.replace(finding, words)
        elif key == "a":
            terminal.echo("Only segments can be set aside.", style="yellow")
        else:
            terminal.echo(f"Edit this by hand: {finding.where}.", style="yellow")
    except StudyError as refused:
        terminal.print_error(str(refused))


def _ask_reason(default: str) -> str:
    return str(click.prompt("Reason, without the words themselves", default=default))


def _ask_words(finding: Finding) -> list[tuple[Span, str]]:
    """Ask for the words in place of each that was found; those without an answer stay."""
    words = []
    for start, end in finding.spans:
        asked = terminal.escape(f'Replace "{finding.text[start:end]}" by (empty: leave it)')
        new = click.prompt(asked, default="", show_default=False).strip()
        if new:
            words.append(((start, end), new))
    return words


def _as_json(finding: Finding) -> dict[str, object]:
    """Return where a finding is, and its kind: only that may leave the terminal."""
    return {
        "table": finding.table,
        "row": finding.row,
        "id": finding.shown_id,
        "column": finding.column,
        "kind": finding.kind,
        "severity": finding.severity,
        "reviewed_before": finding.was_reviewed,
    }
