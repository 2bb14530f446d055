"""The page that says what was guarded, what fell short, and which numbers that touches."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from analysis.publishing.rendering import render_body, render_page
from analysis.quality.wording import capitalise, describe_touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.publishing.rendering import Page, RenderedPage
    from analysis.quality.outcomes import Outcome

SEVERITIES = {
    "critical": ("Critical", "Stops the reports it touches."),
    "warning": (
        "Warnings",
        "Shown beside the numbers they touch, unless cleaning mends what the numbers rest on.",
    ),
    "info": ("To know", "Told here alone, and beside no number."),
}
STAGES = {"received": "as received", "cleaned": "cleaned"}
SHOWN_GROUPS = 12


@dataclass(frozen=True)
class ShownOutcome:
    """An outcome in the words of the page.

    Parameters
    ----------
    outcome : Outcome
        What became of one expectation.
    stages : tuple of str
        The stages at which the same became of it.
    is_unmarked : bool
        Whether it is a warning that stands beside no number, since no cleaned table falls short
        of what is expected of cleaned tables too.
    cells : mapping of str to str
        What each cell of the template is called.
    """

    outcome: Outcome
    stages: tuple[str, ...]
    is_unmarked: bool = False
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def fault(self) -> str:
        """What was looked for, as the start of a sentence."""
        return capitalise(self.outcome.fault)

    @property
    def remedy(self) -> str:
        """What to do, as a sentence."""
        told = self.outcome.remedy
        return f"{capitalise(told).rstrip('.')}." if told else ""

    @property
    def touched(self) -> str:
        """Which numbers it touches, in words, and whether it is shown beside them."""
        told = f"{capitalise(describe_touched(self.outcome.touches, self.cells))}."
        is_told = self.is_unmarked and self.outcome.touches
        return f"{told} Shown beside none: no cleaned table has such a row." if is_told else told

    @property
    def rows(self) -> str:
        """How many rows fall short."""
        count = self.outcome.failing
        return f"{count} row{'' if count == 1 else 's'}"

    @property
    def focus_groups(self) -> str:
        """The focus groups concerned, with the number of those that are not shown."""
        groups = self.outcome.focus_groups
        more = len(groups) - SHOWN_GROUPS
        return ", ".join(groups[:SHOWN_GROUPS]) + (f" and {more} more" if more > 0 else "")


def render_quality(
    page: Page, outcomes: Iterable[Outcome], cells: Mapping[str, str]
) -> RenderedPage:
    """Return the page that tells what became of each expectation.

    Parameters
    ----------
    page : Page
        What stands around it.
    outcomes : iterable of Outcome
        Those of all tables at all stages; what is the same at several stages is shown once.
    cells : mapping of str to str
        What each cell of the template is called.
    """
    shown = [replace(each, cells=cells) for each in _join_stages(outcomes)]
    fallen = [
        (severity, heading, chosen)
        for severity, heading in SEVERITIES.items()
        if (chosen := [s for s in shown if s.outcome.severity == severity and not s.outcome.held])
    ]
    held = [s for s in shown if s.outcome.held]
    return render_page(render_body("quality.html.j2", fallen=fallen, held=held), page)


def _join_stages(outcomes: Iterable[Outcome]) -> list[ShownOutcome]:
    stages: dict[Outcome, dict[str, None]] = {}
    for outcome in outcomes:
        same = replace(outcome, stage="received")
        if outcome.held:
            # In which rows it might not have held is told of none.
            same = replace(same, message="", touches=())
        stages.setdefault(same, {})[STAGES[outcome.stage]] = None
    cleaned = [each for each, at in stages.items() if STAGES["cleaned"] in at]
    short = {each.expectation for each in cleaned if not each.held}
    mended = {each.expectation for each in cleaned} - short
    return [
        ShownOutcome(
            outcome,
            tuple(at),
            is_unmarked=outcome.severity == "warning" and outcome.expectation in mended,
        )
        for outcome, at in stages.items()
    ]
