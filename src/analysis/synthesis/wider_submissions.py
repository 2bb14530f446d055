"""The wider submissions of a continent: what those who spoke for more than one region said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.synthesis.coded_rows import NONE
from analysis.synthesis.excerpts import WITHHELD, describe_group, link_told, name_group
from analysis.synthesis.framework_matrix import describe_cell
from analysis.synthesis.listing import take_groups_fairly, tell_groups_listed
from analysis.synthesis.markup import Row, element, items, join, table, term
from analysis.synthesis.overview import claim_at_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content


def show_wider_submissions(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return each wider submission by its points, question by question.

    Parameters
    ----------
    corpus : Corpus
        The corpus of a continent.
    ledger : Ledger
        The claims of the report.

    Returns
    -------
    Fragment
        The focus groups at home in the continent itself, each label leading to its words; nothing
        where there are none, or where one alone is counted: then the whole report is about it.
    """
    if corpus.is_single:
        return ledger.show()
    wider = corpus.focus_groups[corpus.focus_groups["home"] == corpus.place]
    listed = take_groups_fairly(wider)
    whole = claim_at_home(corpus, ledger)
    parts: list[Content] = [*tell_groups_listed(corpus, ledger, listed, whole)]
    for group in listed.to_dict("records"):
        parts += _show_submission(corpus, group)
    return ledger.show(*parts)


def _show_submission(corpus: Corpus, group: Mapping[Any, Any]) -> list[Content]:
    name = group["focus_group"]
    own = corpus.rows.of_group.get(name, NONE)
    points = corpus.tell(own[corpus.rows.is_point[own]])
    rows = [
        Row(describe_cell(corpus, cell), [items(links)])
        for cell in corpus.study.instrument.cells
        if (links := list(link_told(corpus, [told for told in points if told.cell == cell])))
    ]
    title = term(name_group(group))
    theme = [term(group["theme"]), ". "] if group["theme"] and group["title"] else []
    about = element("p", *theme, describe_group(corpus, name), ".")
    caption = join([title, ": its points, question by question"])
    said = (
        table(f"wider-{name}", caption, ["Question", "Points"], rows)
        if rows
        else element("p", WITHHELD)
    )
    return [element("h3", title), about, said]
