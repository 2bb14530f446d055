"""Participants: kinds counted in focus groups, and numbers of people as far as they are published.

The rule for numbers of people is in `analysis.tables.participants`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.synthesis.claims import FOCUS_GROUPS, agree
from analysis.synthesis.markup import element, join, say, say_number, term
from analysis.tables.consent import KIND_NOT_PUBLISHED
from analysis.tables.focus_groups import (
    CONSENT,
    CONSENT_TO_SHOW,
    FOCUS_GROUP,
    PARTICIPANTS,
    understand_participants,
)
from analysis.tables.participants import (
    FEWER,
    NOT_REPORTED,
    STEP,
    count_people,
    key_of,
    report_kinds,
    show_people,
    total_people,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.study.settings import NumbersOfPeople
    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.tables.participants import KindOfParticipants

PEOPLE = "participants"
ROUNDED = f", rounded to the nearest {STEP}"
ABOUT_KINDS = (
    "Kinds of participants are counted in focus groups, of those that report them. Focus groups "
    "whose consent is for counts only are left out."
)
ABOUT_NUMBERS: dict[NumbersOfPeople, list[Content]] = {
    "rounded": [
        " Numbers of people are rounded to the nearest ",
        term(f"{STEP}"),
        "; totals count focus groups of ",
        term(f"{STEP}"),
        " or more people.",
    ],
    "exact": [" Numbers of people are exact: the study has published them before."],
    "none": [" Numbers of people are not published."],
}


class TotalClaims(NamedTuple):
    """The claims of a total of people, and of the focus groups that it does not count."""

    total: Claim
    fewer: Claim | None
    not_reported: Claim | None


def claim_total(
    ledger: Ledger, name: str, label: str, groups: pd.DataFrame, rule: NumbersOfPeople
) -> TotalClaims | None:
    """Return the claims of how many people took part in focus groups.

    None where the study publishes no number of people.
    """
    if rule == "none":
        return None
    counted = total_people(groups, rule)
    total = ledger.people(
        name,
        label + _rounded(rule),
        (counted.shown.value, PEOPLE),
        focus_groups=counted.counted,
        among=tuple(groups[FOCUS_GROUP]),
        shown_as=counted.shown.words,
    )
    words = {"fewer_than_5": f"of {FEWER}", "not_reported": NOT_REPORTED}
    rest = {
        reason: ledger.number(
            f"{name}.{reason}",
            f"{label}: focus groups {words[reason]}",
            (len(left_out), FOCUS_GROUPS),
            focus_groups=left_out,
        )
        for reason, left_out in counted.left_out.items()
    }
    return TotalClaims(total, rest.get("fewer_than_5"), rest.get("not_reported"))


def _rounded(rule: NumbersOfPeople) -> str:
    return ROUNDED if rule == "rounded" else ""


def claim_group(ledger: Ledger, group: pd.DataFrame, rule: NumbersOfPeople) -> Claim | None:
    """Return the claim of how many people took part in one focus group, if that is published."""
    if rule == "none":
        return None
    [name], [people] = group[FOCUS_GROUP], count_people(group)
    shown = show_people(int(people), rule)
    return ledger.people(
        f"group.participants.{name}",
        f"Participants of {name}{_rounded(rule)}",
        (shown.value, PEOPLE),
        focus_groups=[name],
        among=[name],
        shown_as=shown.words,
    )


def claim_kinds(
    ledger: Ledger,
    name: str,
    where: str,
    kinds: Sequence[KindOfParticipants],
    groups: pd.DataFrame,
) -> list[Claim]:
    """Return the claims of the focus groups in which kinds took part, of those that report kinds.

    In ``name``, ``{}`` becomes the kind; ``where`` says in words which focus groups are counted.
    """
    reporting = groups.loc[report_kinds(groups), FOCUS_GROUP]
    return [
        ledger.count(
            name.format(kind.slug),
            f"Focus groups {where} with {kind.name}",
            reporting[reporting.isin(kind.focus_groups)],
            of=reporting,
        )
        for kind in kinds
    ]


def claim_participants(corpus: Corpus, ledger: Ledger) -> TotalClaims | None:
    """Return the claims of how many people took part in the focus groups counted in a place."""
    label = f"Participants of the focus groups counted in {corpus.name}"
    return claim_total(ledger, "participants", label, corpus.focus_groups, rule_of(corpus))


def rule_of(corpus: Corpus) -> NumbersOfPeople:
    """Return how the study of a corpus publishes numbers of people."""
    return corpus.study.settings.numbers_of_people


def show_total(claims: TotalClaims) -> Content:
    """Return a total of people, followed by the focus groups that it does not count."""
    return join([claims.total, *_show_rest(claims)])


def _show_rest(claims: TotalClaims) -> list[Content]:
    shown: list[Content] = []
    if claims.fewer:
        shown += [claims.fewer, agree(" group", claims.fewer), " of ", term(FEWER)]
    if claims.not_reported:
        noun = "" if shown else agree(" group", claims.not_reported)
        shown += [", " if shown else "", claims.not_reported, noun, f" {NOT_REPORTED}"]
    if not shown:
        return []
    return [" (" if claims.total.value is None else " (and ", *shown, ")"]


def say_people(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the sentence on how many people took part; nothing where no number is published."""
    claims = claim_participants(corpus, ledger)
    if claims is None:
        return []
    total = claims.total
    if total.value and rule_of(corpus) == "rounded":
        return [say("About {n} participants{rest}.", n=total, rest=join(_show_rest(claims)))]
    return [
        say_number(
            "{n} participant{rest}.",
            "{n} participants{rest}.",
            total.value,
            n=total,
            rest=join(_show_rest(claims)),
        )
        if total.value is not None or total.text == FEWER
        else say("Number of participants: {n}{rest}.", n=total, rest=join(_show_rest(claims)))
    ]


def explain_rule(rule: NumbersOfPeople) -> Content:
    """Return how kinds of participants are counted, and how numbers of people are published."""
    return element("p", ABOUT_KINDS, *ABOUT_NUMBERS[rule])


def name_kinds(group: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """Return the kinds of participants of a focus group, in an order that depends on no number."""
    if group[CONSENT] not in CONSENT_TO_SHOW:
        return KIND_NOT_PUBLISHED
    keys = {key_of(part.kind) for part in understand_participants(group[PARTICIPANTS])}
    return ", ".join(sorted(names[key] for key in keys)) or NOT_REPORTED
