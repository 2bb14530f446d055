"""The wider submissions of a continent: what those who spoke for more than one region said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.excerpts import WITHHELD, describe_group, link_labels
from analysis.synthesis.framework_matrix import describe_cell
from analysis.synthesis.markup import Row, element, items, join, table, term

if TYPE_CHECKING:
    import pandas as pd

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
    parts: list[Content] = []
    for _, group in wider.iterrows():
        parts += _show_submission(corpus, group)
    return ledger.show(*parts)


def _show_submission(corpus: Corpus, group: pd.Series) -> list[Content]:
    name = group["focus_group"]
    own = corpus.points[corpus.points["focus_group"] == name]
    rows = [
        Row(describe_cell(corpus, cell), [items(links)])
        for cell in corpus.study.instrument.cells
        if (links := link_labels(corpus, own.loc[own["cell"] == cell, "segment"]))
    ]
    title = term(group["title"] or name)
    about = element("p", term(group["theme"]), ". ", describe_group(corpus, name), ".")
    caption = join([title, ": its points, question by question"])
    said = (
        table(f"wider-{name}", caption, ["Question", "Points"], rows)
        if rows
        else element("p", WITHHELD)
    )
    return [element("h3", title), about, said]
