"""Outcomes in words for readers of reports, who know passages and focus groups, and no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.wording import capitalise, first_of
from analysis.study.language import (
    ENGLISH,
    current_language,
    to_translate_number,
    translate,
    translate_number,
    write_number,
)

if TYPE_CHECKING:
    from analysis.quality.outcomes import Outcome

CODEBOOK = "codebook"
# What falls short in each table, as readers know it: they don't know rows.
FALL_SHORT = {
    CODEBOOK: to_translate_number("{fault}: {n} topic.", "{fault}: {n} topics."),
    "focus_groups": to_translate_number(
        "{fault}: focus group {groups}.", "{fault}: focus groups {groups}."
    ),
    "segments": to_translate_number(
        "{fault}: {n} passage of {groups}.", "{fault}: {n} passages of {groups}."
    ),
    "code_applications": to_translate_number(
        "{fault}: {n} coding of {groups}.", "{fault}: {n} codings of {groups}."
    ),
}


def describe_outcome(outcome: Outcome) -> str:
    """Return an outcome that fell short as a sentence: what is wrong, how often, and where.

    It is in the language of the report, and names neither files nor rows.

    Parameters
    ----------
    outcome : Outcome
        The outcome.
    """
    if not outcome.fault:
        return outcome.message
    if outcome.caveat and outcome.failing and current_language() == ENGLISH:
        return outcome.message
    fault = capitalise(translate(outcome.fault))
    is_somewhere = outcome.focus_groups or outcome.table == CODEBOOK
    if not outcome.failing or outcome.table not in FALL_SHORT or not is_somewhere:
        return f"{fault}."
    return translate_number(
        *FALL_SHORT[outcome.table],
        outcome.failing,
        fault=fault,
        n=write_number(outcome.failing),
        groups=first_of(outcome.focus_groups),
    )
