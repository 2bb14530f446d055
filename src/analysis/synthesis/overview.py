"""The overview of a report: who met, the main points, and how to read the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS, agree
from analysis.synthesis.excerpts import link_labels, name_group
from analysis.synthesis.framework_matrix import claim_segments, claim_themes
from analysis.synthesis.listing import describe_groups_listed, take_groups_fairly
from analysis.synthesis.markup import Row, date, element, items, join, list_words, table, term
from analysis.synthesis.participants import claim_group, name_kinds, rule_of, show_with_people
from analysis.synthesis.points import ASKED_CELLS, KEY, PATTERNS
from analysis.synthesis.prevalence import most_heard
from analysis.tables.focus_groups import split_values
from analysis.tables.participants import kinds_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.contrasts import Contrast
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content
    from analysis.synthesis.prevalence import Prevalence

CODING_RULES = {
    "any": "A code counts on a segment once one coder put it there, so that no voice is lost.",
    "all": "A code counts on a segment when every coder of the focus group put it there.",
}
NOTHING_COUNTED = (
    " focus groups are counted here: all that was received speaks of more than this place alone."
)
NOT_NAMED = "\u2013"
KIND_WORDS = {"human": "a person", "model": "a language model", "rule": "a rule"}


def claim_groups(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many focus groups are counted."""
    return ledger.number(
        "groups",
        f"Focus groups counted in {corpus.name}",
        (len(corpus.focus_groups), FOCUS_GROUPS),
        focus_groups=corpus.groups,
    )


def claim_at_home(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many focus groups counted are at home in the place itself."""
    at_home = corpus.focus_groups[corpus.focus_groups["home"] == corpus.place]
    return ledger.number(
        "at_home",
        f"Focus groups counted in {corpus.name} and at home there, in none of its parts",
        (len(at_home), FOCUS_GROUPS),
        focus_groups=at_home["focus_group"],
    )


def show_summary(
    corpus: Corpus,
    ledger: Ledger,
    measured: Sequence[Prevalence],
    contrasts: Sequence[Contrast] = (),
) -> Fragment:
    """Return the summary that a report opens with."""
    groups, segments = claim_groups(corpus, ledger), claim_segments(corpus, ledger)
    if not groups.value:
        return ledger.show(element("p", groups, NOTHING_COUNTED, class_="lead"))
    lead = element(
        "p",
        groups,
        agree(" focus group", groups),
        *show_with_people(corpus, ledger),
        " met ",
        *_when(corpus.focus_groups["held_on"]),
        ". Its submission holds " if corpus.is_single else ". Their submissions hold ",
        segments,
        agree(" segment", segments),
        ".",
        class_="lead",
    )
    said = (
        _points_of_one(corpus)
        if corpus.is_single
        else _points_of_many(corpus, ledger, measured, contrasts)
    )
    return ledger.show(lead, items([*said, *_reservations(corpus)], kind="keypoints"))


def _reservations(corpus: Corpus) -> list[Content]:
    """Return what affects how the numbers are read: coding by machines, and warnings."""
    points: list[Content] = []
    kinds = {coder.kind for coder in corpus.study.settings.coders}
    machines = [KIND_WORDS[kind] for kind in sorted(kinds - {"human"})]
    if machines:
        by = "Coded in part by " if "human" in kinds else "Coded by "
        points.append(join([by, list_words(machines), ": read the numbers with that in mind."]))
    if corpus.warnings:
        points.append("Numbers marked \u2020 rest on data that fell short of what was expected.")
    return points


def _points_of_many(
    corpus: Corpus,
    ledger: Ledger,
    measured: Sequence[Prevalence],
    contrasts: Sequence[Contrast],
) -> list[Content]:
    """Say what was raised most, by none and everywhere, and what is asked for."""
    raised = [(p.name, p.claim) for p in most_heard(measured)]
    silent = [(p.name, p.claim) for p in measured if p.is_theme and not p.claim.numerator]
    shared = [
        (c.name, ledger[f"prevalence.{c.code}"])
        for c in contrasts
        if c.is_shared and not c.is_theme
    ]
    points = [
        ("Raised by the most focus groups", raised),
        ("Raised by none", silent),
        ("Raised by at least half of the focus groups of every region", shared),
        *(
            (
                f"{corpus.study.instrument.question_label(cell)}, most raised",
                _most_asked(corpus, ledger, cell),
            )
            for cell in ASKED_CELLS
        ),
    ]
    return [
        join([f"{label}: ", list_words([_with_claim(*each) for each in named]), "."])
        for label, named in points
        if named
    ]


def _most_asked(corpus: Corpus, ledger: Ledger, cell: str) -> list[tuple[str, Claim]]:
    """Return the theme that the most focus groups raised in a cell, and all that tie with it."""
    themes = claim_themes(corpus, ledger, cell)
    return [(t.name, t.claim) for t in themes if t.claim.value == themes[0].claim.value]


def _with_claim(name: str, claim: Claim) -> Content:
    return join([term(name), " (", claim, ")"])


def _points_of_one(corpus: Corpus) -> list[Content]:
    """Say what the only focus group asked for and saw: prevalence says nothing of one group."""
    points = [
        (label, list(link_labels(corpus, corpus.answers(cell).segments)))
        for label, cell in (("Asked for above all", KEY), ("Patterns it saw", PATTERNS))
    ]
    return [join([f"{label}: ", list_words(links), "."]) for label, links in points if links]


def _when(held_on: pd.Series) -> list[Content]:
    first, last = min(held_on), max(held_on)
    if first == last:
        return ["on ", date(first)]
    return ["between ", date(first), " and ", date(last)]


def show_focus_groups(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the table of the focus groups at home in the place, and those named as context.

    Those at home in a region of a continent are in the region's report.
    """
    people = [] if rule_of(corpus) == "none" else ["Participants"]
    columns = ["Discussion", "Met in", "On", "Hosted by", "With", *people, "Segments"]
    at_home = corpus.focus_groups[corpus.focus_groups["home"] == corpus.place]
    listed = take_groups_fairly(at_home)
    kinds = {kind.key: kind.name for kind in kinds_of(corpus.focus_groups)}
    rows = [_group_row(corpus, ledger, group, kinds) for group in listed.to_dict("records")]
    wider = corpus.study.places.scope(corpus.place) == "continent"
    caption = f"{'Wider submissions' if wider else 'Focus groups'} counted in {corpus.name}"
    counted = [table("groups", caption, columns, rows)] if rows else []
    return ledger.show(
        *describe_groups_listed(corpus, ledger, listed, claim_at_home(corpus, ledger)),
        *counted,
        *_show_context(corpus, ledger),
    )


def _group_row(
    corpus: Corpus, ledger: Ledger, group: Mapping[Any, Any], kinds: Mapping[str, str]
) -> Row:
    name = group["focus_group"]
    people = claim_group(ledger, pd.DataFrame([group]), rule_of(corpus))
    segments = corpus.of_group(name).segments
    size = ledger.number(
        f"group.segments.{name}",
        f"Segments of {name}",
        (len(segments), SEGMENTS),
        focus_groups=[name],
        segments=segments,
    )
    return Row(
        term(group["theme"] or name_group(group)),
        [
            term(_places(corpus, group)),
            date(group["held_on"]),
            term(group["organiser"] or NOT_NAMED),
            term(name_kinds(group, kinds)),
            *([people] if people else []),
            size,
        ],
    )


def _places(corpus: Corpus, group: Mapping[Any, Any]) -> str:
    named = corpus.study.places.name
    at = ", ".join(named(place) for place in split_values(group["places"]))
    speaks_of = ", ".join(named(place) for place in split_values(group["speaks_of"]))
    return f"{at}, speaking of {speaks_of}" if speaks_of else at


def _show_context(corpus: Corpus, ledger: Ledger) -> list[Content]:
    if not len(corpus.context):
        return []
    listed = take_groups_fairly(corpus.context)
    named = [
        join(
            [
                term(name_group(group)),
                " (",
                term(_places(corpus, group)),
                ", ",
                date(group["held_on"]),
                ")",
            ]
        )
        for group in listed.to_dict("records")
    ]
    note = "Wider submissions that speak of this place too. They are named here, and not counted:"
    whole = ledger.number(
        "context",
        f"Wider submissions that speak of {corpus.name} too, and are not counted there",
        (len(corpus.context), FOCUS_GROUPS),
        focus_groups=corpus.context["focus_group"],
    )
    note_listed = describe_groups_listed(corpus, ledger, listed, whole)
    return [element("p", note), *note_listed, items(named)]


def show_reading(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what a reader must know to read the numbers: what is counted, and who coded."""
    settings = corpus.study.settings
    counted = (
        "The unit is a focus group: a number tells in how many something was raised, of those "
        "that answered. It is never a share of people, nor a ranking by mentions. Each number "
        "leads to the segments that bear it."
    )
    coders = [
        join([term(coder.coder), ", ", KIND_WORDS[coder.kind], ": ", term(coder.description)])
        for coder in settings.coders
    ]
    return ledger.show(
        element("p", counted),
        element("p", CODING_RULES[settings.publication.coding]),
        element("p", "Coders:"),
        items(coders),
    )
