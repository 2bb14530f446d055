"""Points raised by one group only, and passages without a code: no minority is lost in counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.added_evidence import show_counter_voices_to_topics
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS, evidence_of
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.links import link_code
from analysis.synthesis.listing import (
    describe_segments_listed,
    link_segment,
    render_words,
    take_fairly,
)
from analysis.synthesis.markup import Row, element, items, join, say, say_number, table
from analysis.synthesis.prevalence import name_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

CODES = "topics"
# A topic that so many focus groups raised is common: a point under it can still be rare.
COMMON_FROM = 3
MOST_WORDS = 24
ONLY_COUNTED = to_translate("Counted, and not shown since consent is for counts only: {topics}.")


def find_single_mentions(corpus: Corpus) -> pd.DataFrame:
    """Return the codings of codes that only one focus group raised, by code, then by segment."""
    codings = corpus.codings
    groups = codings.groupby("code", observed=True)["focus_group"].nunique()
    once = codings[codings["code"].isin(groups.index[groups == 1])]
    return once.sort_values(["code", "segment"])


def find_rare_points(corpus: Corpus) -> pd.DataFrame:
    """Return the codings with which one group alone raised a common code under a question.

    The code is raised by three or more focus groups in all.
    """
    codings = corpus.codings
    asked = corpus.with_question(codings)
    in_all = codings.groupby("code", observed=True)["focus_group"].nunique()
    here = asked.groupby(["code", "question"], observed=True)["focus_group"].transform("nunique")
    common = asked["code"].isin(in_all.index[in_all >= COMMON_FROM])
    return asked[common & (here == 1)]


def show_single_mentions(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what one focus group alone raised, what is both concern and hope, and uncoded words.

    Of one focus group there is nothing to set apart but passages without a code.
    """
    parts: list[Content] = []
    if len(corpus.coded_groups) > 1:
        parts += _show_single(corpus, ledger)
        parts += _show_rare(corpus, ledger)
        parts += _show_both(corpus, ledger)
        parts += show_counter_voices_to_topics(corpus, ledger)
    uncoded = _show_uncoded(corpus, ledger)
    if uncoded and len(corpus.coded_groups) > 1:
        parts.append(element("h3", say("Passages without a code")))
    parts += uncoded
    if not parts:
        return ledger.show()
    title = say("Points raised by one group only")
    if len(corpus.coded_groups) <= 1:
        title = say("Passages without a code")
    return ledger.show(element("h2", title, id="one-group-only"), *parts)


def _show_single(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return, in its words, each topic that one focus group alone raised."""
    once = find_single_mentions(corpus)
    if not len(once):
        return []
    count = ledger.number(
        "once.codes",
        translate("Topics that only one focus group in {place} raised", place=corpus.name),
        (once["code"].nunique(), CODES),
        **evidence_of(once)._asdict(),
    )
    sentence = say_number(
        "{n} topic was raised by one focus group only. That does not make it less true.",
        "{n} topics were raised by one focus group only. That does not make them less true.",
        count.value,
        n=count,
    )
    shown: list[Content] = [element("p", sentence, class_="hint")]
    withheld = []
    for code in once["code"].unique():
        name, segments = link_code(corpus.study, code), corpus.raised(code).segments
        if all(corpus.by_id[segment].withheld for segment in segments):
            withheld.append(name)
        else:
            shown += [element("h3", name), *_show_words(corpus, segments)]
    if withheld:
        topics = join(withheld, ", ")
        note = say(ONLY_COUNTED, topics=topics)
        shown.append(element("p", note))
    return shown


def _show_words(corpus: Corpus, segments: Sequence[str]) -> list[Content]:
    """Show segments in their words, by a link where another report shows these, or say why not.

    Where a region spans continents, a code raised by one group on one of them may have been raised
    by more in the region.
    """
    withheld = any(corpus.by_id[segment].withheld for segment in segments)
    return [*render_words(corpus, segments), *([element("p", say(WITHHELD))] if withheld else [])]


def _show_rare(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the points with which one group alone raised a common topic under a question."""
    rare = find_rare_points(corpus)
    shown = rare[~rare["segment"].map(lambda name: corpus.by_id[name].withheld).astype(bool)]
    if not len(shown):
        return []
    pairs = shown.drop_duplicates(["code", "question"])
    count = ledger.number(
        "once.points",
        translate(
            "Common topics that one focus group alone in {place} raised under a question",
            place=corpus.name,
        ),
        (len(pairs), CODES),
        **evidence_of(shown)._asdict(),
    )
    sentence = say_number(
        "{n} common topic was raised by one focus group only under a question.",
        "{n} common topics were raised by one focus group only under a question.",
        count.value,
        n=count,
    )
    lines = [
        _name_rare(corpus, *row)
        for row in pairs[["code", "question", "segment"]].itertuples(index=False)
    ]
    return [
        element("h3", say("Rare points on common topics")),
        element("p", sentence, class_="hint"),
        items(lines, kind="labels columns"),
    ]


def _name_rare(corpus: Corpus, code: str, question: str, segment: str) -> Markup:
    about = [link_code(corpus.study, code), ", ", name_question(corpus, question).lower()]
    return join([link_segment(corpus, segment), " (", *about, ")"])


def _show_both(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the topics that the same focus groups raised as a concern and as hope."""
    claims = {code: _claim_both(corpus, ledger, code) for code in corpus.study.codebook.codes}
    rows = [Row(link_code(corpus.study, code), [c]) for code, c in claims.items() if c.value]
    if not rows:
        return []
    title = translate(
        "Focus groups in {place} that raised a topic as a concern and also as hope",
        place=corpus.name,
    )
    columns = [translate("Topic"), translate("Focus groups")]
    note = say(
        "A concern that is also hope is not a contradiction: codes have no direction, so nothing "
        "here claims to find one."
    )
    whole = table("both", title, columns, rows, kind="compact")
    return [
        element("h3", say("Concerns that are also hope")),
        element("p", note, class_="hint"),
        element("details", element("summary", say("The topics")), whole),
    ]


def _claim_both(corpus: Corpus, ledger: Ledger, code: str) -> Claim:
    """Return the claim of how many focus groups raised a code as a concern and as hope."""
    worried, hopeful = (corpus.raised_under(code, each) for each in ("concerns", "hope"))
    both = set(worried.focus_groups).intersection(hopeful.focus_groups)
    segments = [*worried.segments, *hopeful.segments]
    return ledger.number(
        f"both.{code}",
        translate(
            "Focus groups in {place} that raised {topic} as a concern and as hope",
            place=corpus.name,
            topic=corpus.study.codebook.name(code),
        ),
        (len(both), FOCUS_GROUPS),
        focus_groups=both,
        segments=[segment for segment in segments if corpus.by_id[segment].focus_group in both],
    )


def _show_uncoded(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the first passages without a code in their words, and links to the others."""
    uncoded = evidence_of(corpus.uncoded)
    if not uncoded.segments:
        return []
    count = ledger.number(
        "uncoded",
        translate("Passages in {place} that have no code that counts", place=corpus.name),
        (len(uncoded.segments), SEGMENTS),
        **uncoded._asdict(),
    )
    listed = take_fairly(corpus, uncoded.segments)
    in_full, linked = listed[:MOST_WORDS], listed[MOST_WORDS:]
    sentence = say_number(
        "{n} passage has no topic, and is in no count of topics.",
        "{n} passages have no topic, and are in no count of topics.",
        count.value,
        n=count,
    )
    links = [link_segment(corpus, s) for s in linked if not corpus.by_id[s].withheld]
    return [
        element("p", sentence, class_="hint"),
        *describe_segments_listed(corpus, ledger, listed, count),
        *_show_words(corpus, in_full),
        *([element("p", say("The others:")), items(links, kind="labels columns")] if links else []),
    ]
