"""Participants: how many people took part and of which kinds, as far as that may be told."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from analysis.quality.disclosure.people import (
    ALL_KINDS,
    CONTINENT,
    GROUP,
    HOME,
    Number,
    count_kinds,
)
from analysis.synthesis.markup import Row, element, table, term
from analysis.tables.focus_groups import understand_participants

if TYPE_CHECKING:
    import pandas as pd

    from analysis.quality.disclosure.withheld import Withheld
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

PARTICIPANTS = "participants"

_NO_LETTER = re.compile(r"[^a-z]+")


def claim_people(
    ledger: Ledger,
    withheld: Withheld,
    number: Number,
    named: tuple[str, str],
    groups: pd.DataFrame,
) -> Claim:
    """Return the claim of a number of people, or that it is withheld.

    Parameters
    ----------
    ledger : Ledger
        The claims of the report.
    withheld : Withheld
        The numbers that it does not show.
    number : Number
        Which number it is.
    named : (str, str)
        The id without its place, and what is claimed, in words.
    groups : DataFrame
        The focus groups whose participants it counts, of all kinds or of its own.
    """
    of_kind = groups[has_kind(groups, number.kind)] if number.kind else groups
    kinds = count_kinds(*of_kind["participants"])
    people = kinds.get(number.kind, 0) if number.kind else sum(kinds.values())
    # That nobody understood who took part in a focus group does not mean that nobody did.
    value = None if number.scope == GROUP and not people else people
    return ledger.people(
        named,
        (value, PARTICIPANTS),
        focus_groups=of_kind["focus_group"],
        among=tuple(groups["focus_group"]),
        is_withheld=number in withheld.numbers,
    )


def number_of(corpus: Corpus, kind: str = ALL_KINDS) -> Number:
    """Return which number the participants counted at a place are."""
    is_wide = corpus.study.places.scope(corpus.place) == "continent"
    return Number(CONTINENT if is_wide else HOME, corpus.place, kind)


def claim_participants(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many people took part in the focus groups counted."""
    label = f"Participants of the focus groups counted in {corpus.name}"
    named = ("participants", label)
    return claim_people(ledger, corpus.withheld, number_of(corpus), named, corpus.focus_groups)


def show_kinds(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the table of the participants counted in a place by kind.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.
    """
    groups = corpus.focus_groups
    kinds = kinds_of(groups)
    if not kinds:
        return ledger.show()
    claims = [
        claim_people(
            ledger,
            corpus.withheld,
            number_of(corpus, kind),
            (f"participants.{slug_of(kind)}", f"Participants counted in {corpus.name}: {kind}"),
            groups,
        )
        for kind in kinds
    ]
    rows = [Row(term(kind), [claim]) for kind, claim in zip(kinds, claims, strict=True)]
    rows.append(Row("In all", [claim_participants(corpus, ledger)], kind="total"))
    caption = f"Who took part in the focus groups counted in {corpus.name}"
    shown = table("kinds", caption, ["Kind", "Participants"], rows)
    smallest = corpus.study.settings.publication.smallest_count
    return ledger.show(shown, *tell_withheld(corpus.withheld, smallest))


def kinds_of(groups: pd.DataFrame) -> list[str]:
    """Return the kinds of participants of focus groups, sorted."""
    return list(count_kinds(*groups["participants"]))


def has_kind(groups: pd.DataFrame, kind: str) -> pd.Series:
    """Return which focus groups had participants of a kind."""
    return groups["participants"].map(
        lambda text: any(part.kind == kind for part in understand_participants(text))
    )


def slug_of(kind: str) -> str:
    """Return a kind of participants as part of an id: its letters, or else marked by a digest.

    Examples
    --------
    >>> slug_of("peer educators")
    'peer-educators'
    >>> slug_of("paires éducatrices")
    'paires-ducatrices-8a7db9'
    """
    slug = _NO_LETTER.sub("-", kind).strip("-")
    if slug.replace("-", " ") == kind:
        return slug
    return f"{slug}-{sha256(kind.encode()).hexdigest()[:6]}".strip("-")


def tell_withheld(withheld: Withheld, smallest: int) -> list[Content]:
    """Return why numbers of people are withheld; nothing where none is."""
    if not withheld.numbers:
        return []
    why = (
        ", so that nobody can be found by it, and so is any number by which one so small could be "
        "worked out. Which of the two it is, is not told: that alone would tell something of the "
        "number. Totals hold all people, also those of numbers withheld."
    )
    least = term(f"{smallest} people")
    return [element("p", "A number of fewer than ", least, " is withheld", why)]
