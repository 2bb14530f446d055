"""Continent-wide submissions: those that speak for more than one region of a continent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.study.language import translate
from analysis.synthesis.excerpts import WITHHELD, describe_group, name_group
from analysis.synthesis.framework_matrix import describe_cell
from analysis.synthesis.labels import link_labels
from analysis.synthesis.listing import describe_groups_listed, take_groups_fairly
from analysis.synthesis.markup import Row, element, items, say, table, term
from analysis.synthesis.overview import claim_at_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content


def show_continent_wide(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return each continent-wide discussion by its points, question by question.

    There is none to show where only one focus group is counted: then the whole report is about it.
    """
    if corpus.is_single:
        return ledger.show()
    wide = corpus.focus_groups[corpus.focus_groups["home"] == corpus.place]
    if not len(wide):
        return ledger.show()
    listed = take_groups_fairly(wide)
    whole = claim_at_home(corpus, ledger)
    title = element("h2", say("Continent-wide discussions"), id="continent-wide")
    parts: list[Content] = [title, *describe_groups_listed(corpus, ledger, listed, whole)]
    for group in listed.to_dict("records"):
        parts += _show_submission(corpus, group)
    return ledger.show(*parts)


def _show_submission(corpus: Corpus, group: Mapping[Any, Any]) -> list[Content]:
    name = group["focus_group"]
    own = set(corpus.of_group(name).segments)
    rows = [
        Row(describe_cell(corpus, cell), [items(links)])
        for cell in corpus.study.instrument.cells
        if (
            links := list(
                link_labels(corpus, filter(own.__contains__, corpus.points(cell).segments))
            )
        )
    ]
    title = term(name_group(group))
    theme = [term(group["theme"]), ". "] if group["theme"] and group["title"] else []
    about = element("p", *theme, describe_group(corpus, name), ".")
    caption = say("{discussion}: its points, question by question", discussion=title)
    columns = [translate("Question"), translate("Points")]
    points = table(f"wider-{name}", caption, columns, rows) if rows else element("p", say(WITHHELD))
    return [element("h3", title), about, points]
