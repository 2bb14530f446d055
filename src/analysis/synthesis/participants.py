"""Participants: kinds counted in focus groups, and numbers of people as far as they are published.

The rule for numbers of people is in `analysis.tables.participants`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import FOCUS_GROUPS
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
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from analysis.study.settings import NumbersOfPeople
    from analysis.synthesis.claims import Claim, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.tables.participants import KindOfParticipants

PEOPLE = "participants"
ABOUT_KINDS = to_translate(
    "Kinds of participants are counted in focus groups, of those that report them. Focus groups "
    "whose consent is for counts only are left out."
)
ABOUT_NUMBERS: dict[NumbersOfPeople, str] = {
    "rounded": to_translate(
        "Numbers of people are rounded to the nearest {n}; totals count focus groups of {n} or "
        "more people."
    ),
    "exact": to_translate("Numbers of people are exact: the study has published them before."),
    "none": to_translate("Numbers of people are not published."),
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
    total = ledger.number(
        name,
        _label(label, rule),
        (counted.shown.value, PEOPLE),
        focus_groups=counted.counted,
        among=tuple(groups[FOCUS_GROUP]),
        shown_as=counted.shown.words,
    )
    labels = {
        "fewer_than_5": translate("{label}: focus groups of fewer than 5 people", label=label),
        "not_reported": translate("{label}: focus groups that report no number", label=label),
    }
    rest = {
        reason: ledger.number(
            f"{name}.{reason}",
            labels[reason],
            (len(left_out), FOCUS_GROUPS),
            focus_groups=left_out,
        )
        for reason, left_out in counted.left_out.items()
    }
    return TotalClaims(total, rest.get("fewer_than_5"), rest.get("not_reported"))


def _label(label: str, rule: NumbersOfPeople) -> str:
    """Return the label of a number of people, which says whether it is rounded."""
    if rule != "rounded":
        return label
    return translate("{label}, rounded to the nearest {n}", label=label, n=STEP)


def claim_group(ledger: Ledger, group: pd.DataFrame, rule: NumbersOfPeople) -> Claim | None:
    """Return the claim of how many people took part in one focus group, if that is published."""
    if rule == "none":
        return None
    [name], [people] = group[FOCUS_GROUP], count_people(group)
    shown = show_people(int(people), rule)
    return ledger.number(
        f"group.participants.{name}",
        _label(translate("Participants of {group}", group=name), rule),
        (shown.value, PEOPLE),
        focus_groups=[name],
        among=[name],
        shown_as=shown.words,
    )


def claim_kinds(
    ledger: Ledger,
    name: str,
    label: Callable[[str], str],
    kinds: Sequence[KindOfParticipants],
    groups: pd.DataFrame,
) -> list[Claim]:
    """Return the claims of the focus groups in which kinds took part, of those that report kinds.

    In ``name``, ``{}`` becomes the kind; ``label`` returns the label of a kind by its name.
    """
    reporting = groups.loc[report_kinds(groups), FOCUS_GROUP]
    return [
        ledger.count(
            name.format(kind.slug),
            label(kind.name),
            reporting[reporting.isin(kind.focus_groups)],
            of=reporting,
        )
        for kind in kinds
    ]


def show_total(claims: TotalClaims) -> Content:
    """Return a total of people, followed by the focus groups that it does not count."""
    rest = _describe_rest(claims)
    return join([claims.total, " (", rest, ")"]) if rest else claims.total


def _describe_rest(claims: TotalClaims) -> Markup:
    """Return how many focus groups a total does not count, and why; nothing where none."""
    said = []
    if claims.fewer:
        said.append(
            say_number(
                "{n} group of {fewer}",
                "{n} groups of {fewer}",
                claims.fewer.value,
                n=claims.fewer,
                fewer=term(translate(FEWER)),
            )
        )
    if claims.not_reported:
        said.append(
            say_number(
                "{n} group not reported",
                "{n} groups not reported",
                claims.not_reported.value,
                n=claims.not_reported,
            )
        )
    return join(said, translate("; "))


def describe_people(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the sentence on how many people took part; nothing where no number is published."""
    label = translate("Participants of the focus groups counted in {place}", place=corpus.name)
    claims = claim_total(ledger, "participants", label, corpus.focus_groups, corpus.rule)
    if claims is None:
        return []
    total, rest = claims.total, _describe_rest(claims)
    if total.value and corpus.rule == "rounded":
        sentence = say("About {n} participants.", n=total)
    elif total.value is None and total.shown_as != FEWER:
        sentence = say("Number of participants: {n}.", n=total)
    else:
        sentence = say_number("{n} participant.", "{n} participants.", total.value, n=total)
    return [sentence, *([say("Not in this number: {rest}.", rest=rest)] if rest else [])]


def explain_rule(rule: NumbersOfPeople) -> Content:
    """Return how kinds of participants are counted, and how numbers of people are published."""
    numbers = say(ABOUT_NUMBERS[rule], n=term(f"{STEP}"))
    return element("p", say(ABOUT_KINDS), " ", numbers)


def name_kinds(group: Mapping[Any, Any], names: Mapping[str, Markup]) -> Markup:
    """Return the kinds of participants of a focus group, in an order that depends on no number."""
    if group[CONSENT] not in CONSENT_TO_SHOW:
        return say(KIND_NOT_PUBLISHED)
    keys = {key_of(part.kind) for part in understand_participants(group[PARTICIPANTS])}
    named = sorted((names[key] for key in keys), key=Markup.striptags)
    return join(named, ", ") or say(NOT_REPORTED)
