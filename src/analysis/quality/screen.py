"""The report of a check on one screen: what is wrong, where, how severe, and what to do."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality.wording import capitalise, describe_touched, list_names, list_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.quality.outcomes import CheckReport, Outcome, Severity

WIDTH = 100
LINES = 40
INDENT = " " * 13
MOST_LINES_OF_A_FIELD = 2
# The hint and the count in the last lines.
AROUND = 2
HINT = "To list every row and what to do about it, add --json."
HEADINGS: dict[Severity, str] = {
    "critical": "CRITICAL  No report is built for the places concerned.",
    "warning": "WARNING  Reports are built; each affected number shows the warning.",
    "info": "FOR INFORMATION  It is shown next to no number.",
}


@dataclass(frozen=True)
class Line:
    """A line of the screen.

    Parameters
    ----------
    text : str
        At most 100 characters.
    severity : str
        The severity of the outcomes below it; ``""`` where it is no heading.
    """

    text: str
    severity: str = ""


def show_on_one_screen(report: CheckReport) -> list[Line]:
    """Return what did not hold, the most severe first, in at most 40 lines of 100 characters.

    What does not fit is listed in one line each, and at last counted.

    Parameters
    ----------
    report : CheckReport
        The outcomes, with the rows of the files where they are known.
    """
    alike = [
        _alike(report, outcomes) for outcomes in (report.critical, report.warnings, report.infos)
    ]
    shown = [(severity, each) for severity, each in zip(HEADINGS, alike, strict=True) if each]
    # Each heading has an empty line below.
    left = LINES - AROUND - 2 * len(shown)
    lines: list[Line] = []
    waiting = sum(len(each) for _, each in shown)
    for later, (severity, each) in zip(reversed(range(len(shown))), shown, strict=True):
        lines += [Line(HEADINGS[severity], severity)]
        for number, outcomes in enumerate(each):
            block = _in_full(report, outcomes)
            waiting -= 1
            if len(block) + waiting > left:
                block = [_in_brief(outcomes)]
            if left - later <= 1 < len(each) - number:
                lines.append(Line(f"  and {len(each) - number} more"))
                waiting -= len(each) - number - 1
                left -= 1
                break
            lines += [Line(text) for text in block]
            left -= len(block)
        lines.append(Line(""))
    in_full = sum(line.text.startswith("    where ") for line in lines)
    is_cut = in_full < sum(len(each) for _, each in shown)
    return [*lines, *([Line(HINT)] if is_cut else []), Line(_count(report))]


def _alike(report: CheckReport, outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """Group outcomes that read the same, as where one column is missing for several."""
    groups: dict[tuple[str, ...], list[Outcome]] = {}
    for each in outcomes:
        rows = _rows(report, each)
        same = (each.table, each.verdict, each.fault, each.remedy, str(rows or each.ids))
        groups.setdefault(same, []).append(each)
    return list(groups.values())


def _in_full(report: CheckReport, outcomes: Sequence[Outcome]) -> list[str]:
    first = outcomes[0]
    patterns = list(dict.fromkeys(touch for each in outcomes for touch in each.touches))
    fields = [
        ("where", _where(report, first)),
        ("found", _found(report, first)),
        ("touches", describe_touched(patterns)),
        ("to do", first.remedy or "no action is needed"),
    ]
    return [_fault(outcomes), *(line for name, text in fields for line in _field(name, text))]


def _fault(outcomes: Sequence[Outcome]) -> str:
    many = f" ({len(outcomes)} expectations)" if len(outcomes) > 1 else ""
    return _shorten(f"  {capitalise(outcomes[0].fault)}{many}", WIDTH)


def _in_brief(outcomes: Sequence[Outcome]) -> str:
    return _shorten(f"{_fault(outcomes)}: {_extent(outcomes[0])}", WIDTH)


def _field(name: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(
        text,
        WIDTH - len(INDENT),
        max_lines=MOST_LINES_OF_A_FIELD,
        placeholder=" …",
        break_on_hyphens=False,
    )
    for first, line in enumerate(lines):
        yield f"{INDENT if first else f'    {name}'.ljust(len(INDENT))}{line}"


def _where(report: CheckReport, outcome: Outcome) -> str:
    rows = _rows(report, outcome)
    return f"{_extent(outcome)}{f': {list_rows(rows)}' if rows else ''}{_named(outcome)}"


def _rows(report: CheckReport, outcome: Outcome) -> tuple[int, ...]:
    found = report.failing_rows.get(outcome.expectation)
    return found.rows if found else ()


def _found(report: CheckReport, outcome: Outcome) -> str:
    """Return the first values of controlled columns that are not as expected."""
    found = report.failing_rows.get(outcome.expectation)
    faults = dict.fromkeys(found.faults if found else ())
    prefix = f"{outcome.fault}: "
    return "; ".join(each.removeprefix(prefix) for each in faults if each != outcome.fault)


def _extent(outcome: Outcome) -> str:
    if not outcome.failing:
        return f"the whole of {outcome.table}.csv"
    many = "" if outcome.failing == 1 else "s"
    return f"{outcome.table}.csv, {outcome.failing:,} row{many}"


def _named(outcome: Outcome) -> str:
    """Name what is concerned: focus groups, and codes of the codebook."""
    codes = outcome.ids if outcome.table == "codebook" else ()
    names = outcome.focus_groups or tuple(code for code in codes if code)
    return f" ({list_names(names)})" if names else ""


def _count(report: CheckReport) -> str:
    by_severity = [
        (report.critical, "critical"),
        (report.warnings, "warning"),
        (report.infos, "for information"),
    ]
    counts = [
        f"{len(found)} {name}{'s' if name == 'warning' and len(found) > 1 else ''}"
        for found, name in by_severity
        if found
    ]
    held = sum(outcome.held for outcome in report.outcomes)
    return "; ".join(
        [
            *([", ".join(counts)] if counts else []),
            f"{held} of {len(report.outcomes)} expectations held.",
        ]
    )


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
