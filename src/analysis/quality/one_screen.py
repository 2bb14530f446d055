"""What the guards found, on one screen: what, where, how grave, what it touches and what to do."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality.touched import say_touched
from analysis.quality.wording import capitalise, list_names, say_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.quality.outcomes import GuardReport, Outcome, Severity

WIDTH = 100
LINES = 40
INDENT = " " * 13
MOST_LINES_OF_A_FIELD = 2
# The hint and the count that are told last.
AROUND = 2
HINT = "With --json each row is told, and what to do about it."
HEADINGS: dict[Severity, str] = {
    "critical": "CRITICAL  No report is made of the places concerned.",
    "warning": "WARNING  Reports are made, and say so beside the numbers that are touched.",
    "info": "TO KNOW  Nothing is said beside numbers.",
}


@dataclass(frozen=True)
class Line:
    """A line of the screen.

    Parameters
    ----------
    text : str
        At most 100 characters.
    severity : str
        How grave what it heads is; ``""`` where it heads nothing.
    """

    text: str
    severity: str = ""


def show_on_one_screen(report: GuardReport) -> list[Line]:
    """Return what did not hold, the gravest first, in at most 40 lines of 100 characters.

    What does not fit is told in one line each, and at last by its number.

    Parameters
    ----------
    report : GuardReport
        What the guards found; no value of a cell is in it.
    """
    alike = [_alike(outcomes) for outcomes in (report.critical, report.warnings, report.infos)]
    told = [(severity, each) for severity, each in zip(HEADINGS, alike, strict=True) if each]
    # Each heading has an empty line below.
    left = LINES - AROUND - 2 * len(told)
    lines: list[Line] = []
    waiting = sum(len(each) for _, each in told)
    for later, (severity, each) in zip(reversed(range(len(told))), told, strict=True):
        lines += [Line(HEADINGS[severity], severity)]
        for number, outcomes in enumerate(each):
            block = _in_full(outcomes)
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
    is_cut = in_full < sum(len(each) for _, each in told)
    return [*lines, *([Line(HINT)] if is_cut else []), Line(_count(report))]


def _alike(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """Put together what says the same of one table, as where one column is missing for several."""
    said: dict[tuple[str, ...], list[Outcome]] = {}
    for each in outcomes:
        same = (each.table, each.verdict, each.fault, each.remedy, str(each.rows))
        said.setdefault(same, []).append(each)
    return list(said.values())


def _in_full(outcomes: Sequence[Outcome]) -> list[str]:
    first = outcomes[0]
    patterns = list(dict.fromkeys(touch for each in outcomes for touch in each.touches))
    fields = [
        ("where", _where(first)),
        ("touches", say_touched(patterns)),
        ("to do", first.remedy or "nothing needs doing"),
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


def _where(outcome: Outcome) -> str:
    rows = f": {say_rows(outcome.rows)}" if outcome.rows else ""
    return f"{_extent(outcome)}{rows}{_named(outcome)}"


def _extent(outcome: Outcome) -> str:
    if not outcome.rows:
        return f"the whole of {outcome.table}.csv"
    many = "" if len(outcome.rows) == 1 else "s"
    return f"{outcome.table}.csv, {len(outcome.rows):,} row{many}"


def _named(outcome: Outcome) -> str:
    """Name what is concerned: focus groups, and codes of the codebook."""
    codes = outcome.ids if outcome.table == "codebook" else ()
    names = outcome.focus_groups or tuple(code for code in codes if code)
    return f" ({list_names(names)})" if names else ""


def _count(report: GuardReport) -> str:
    grave = [
        (report.critical, "critical"),
        (report.warnings, "warning"),
        (report.infos, "to know"),
    ]
    counts = [
        f"{len(found)} {name}{'s' if name == 'warning' and len(found) > 1 else ''}"
        for found, name in grave
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
