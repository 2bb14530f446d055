"""Outcomes in words for readers of reports, who know passages and focus groups, and no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.wording import capitalise, describe_answers, first_of
from analysis.study.language import (
    ENGLISH,
    current_language,
    to_translate_number,
    translate,
    translate_number,
    write_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.quality.outcomes import Outcome

CODEBOOK = "codebook"
# What falls short in each table, as readers know it: they don't know rows.
FALL_SHORT = {
    CODEBOOK: to_translate_number("{fault}: {n} topic.", "{fault}: {n} topics."),
    "focus_groups": to_translate_number(
        "{fault}: {n} focus group ({groups}).", "{fault}: {n} focus groups ({groups})."
    ),
    "segments": to_translate_number(
        "{fault}: {n} passage ({groups}).", "{fault}: {n} passages ({groups})."
    ),
    "code_applications": to_translate_number(
        "{fault}: {n} coding ({groups}).", "{fault}: {n} codings ({groups})."
    ),
}


def describe_outcome(outcome: Outcome, meetings: Mapping[str, str]) -> str:
    """Return an outcome that fell short as a sentence: what is wrong, how often, and where.

    It is in the language of the report, and names neither files nor rows.

    Parameters
    ----------
    outcome : Outcome
        The outcome.
    meetings : mapping of str to str
        Where and when focus groups met, by their ids.
    """
    if not outcome.fault:
        return outcome.message
    rows = (outcome.groups_of_rows, outcome.cells_of_rows, outcome.details)
    if outcome.caveat and all(rows) and current_language() == ENGLISH:
        names = dict(zip(outcome.cells, outcome.answers, strict=True)) | dict(meetings)
        return describe_answers(outcome.caveat, zip(*rows, strict=True), names)
    groups = first_of(
        [meetings.get(group, group) for group in outcome.focus_groups], separator="; "
    )
    fault = capitalise(translate(outcome.fault))
    if not outcome.failing or not (groups or outcome.table == CODEBOOK):
        return f"{fault}."
    return translate_number(
        *FALL_SHORT[outcome.table],
        outcome.failing,
        fault=fault,
        n=write_number(outcome.failing),
        groups=groups,
    )
