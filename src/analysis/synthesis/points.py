"""What groups ask for: continue, stop and start, the patterns they saw, and what they set first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import to_translate_number, translate
from analysis.synthesis.claims import FOCUS_GROUPS, evidence_of
from analysis.synthesis.excerpts import WITHHELD, describe_group, why_no_words
from analysis.synthesis.framework_matrix import claim_answered, claim_points, claim_themes
from analysis.synthesis.links import link_code
from analysis.synthesis.listing import (
    by_label,
    fold_label,
    link_by_name,
    link_labels,
    link_segment,
)
from analysis.synthesis.markup import element, items, join, say, say_number, written_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.markup import Content

KEY = "recommendations.key"
PATTERNS = "emerging.patterns"
STOP = "recommendations.stop"
ASKED_CELLS = ("recommendations.continue", STOP, "recommendations.start")
MOST_POINTS = 60
MOST_KEYS = 60
REQUESTS = "requests"
WITHOUT_TOPIC = ""
NAMED_ALL = to_translate_number(
    "{groups} focus group named one:", "{groups} focus groups named one:"
)
NAMED_SOME = to_translate_number(
    "{groups} focus group named one; those that may be shown:",
    "{groups} focus groups named one; those that may be shown:",
)


class Request(NamedTuple):
    """The points of one label, and how many focus groups gave it, where two or more did."""

    segments: list[str]
    groups: Claim | None


def find_requests(corpus: Corpus, ledger: Ledger, cell: str) -> list[Request]:
    """Return the points of a cell that may be shown, by their labels, most focus groups first."""
    label = translate(
        "Focus groups in {place} that gave the same label, under: {question}",
        place=corpus.name,
        question=corpus.study.instrument.question_label(cell),
    )
    requests = []
    for number, same in enumerate(by_label(corpus, corpus.points(cell).segments), start=1):
        groups = {corpus.by_id[segment].focus_group for segment in same}
        # Labels of the most focus groups come first, so that these are numbered without a gap.
        name, quantity = f"repeated.{cell}.{number}", (len(groups), FOCUS_GROUPS)
        claim = (
            ledger.number(name, label, quantity, focus_groups=groups, segments=same)
            if len(groups) > 1
            else None
        )
        requests.append(Request(same, claim))
    return requests


def count_requests(
    corpus: Corpus, ledger: Ledger, cell: str, requests: Sequence[Request]
) -> Markup:
    """Return how many points how many focus groups made, and how many labels these have."""
    points = claim_points(corpus, ledger, cell)
    made = say_number(
        "{points} point from {groups} focus groups.",
        "{points} points from {groups} focus groups.",
        points.value,
        points=points,
        groups=claim_answered(corpus, ledger, cell),
    )
    if not requests:
        return made
    shown = [segment for each in requests for segment in each.segments]
    different = ledger.number(
        f"requests.{cell}",
        translate(
            "Different points in {place} that may be shown, under: {question}",
            place=corpus.name,
            question=corpus.study.instrument.question_label(cell),
        ),
        (len(requests), REQUESTS),
        **evidence_of(corpus.segments[corpus.segments["segment"].isin(shown)])._asdict(),
    )
    return join([made, say("Different labels: {n}.", n=different)], " ")


def show_asks(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what to continue, to stop and to start, side by side, each by theme.

    A report on one focus group opens with these points, so that they are not repeated.
    """
    asked = [cell for cell in ASKED_CELLS if corpus.points(cell).segments]
    if corpus.is_single or not asked:
        return ledger.show()
    columns = [_show_column(corpus, ledger, cell) for cell in asked]
    return ledger.show(
        element("h2", say("Continue, stop, start"), id="continue-stop-start"),
        element("div", *columns, class_="verbs"),
        _explain_withheld(corpus, ledger, asked),
    )


def _show_column(corpus: Corpus, ledger: Ledger, cell: str) -> Markup:
    requests = find_requests(corpus, ledger, cell)
    return element(
        "section",
        element("h3", corpus.study.instrument.question_label(cell)),
        element("p", count_requests(corpus, ledger, cell, requests), class_="hint"),
        *_list_by_theme(corpus, ledger, cell, requests),
        *_count_more(corpus, ledger, cell, requests),
        class_=cell.rpartition(".")[2],
    )


def _list_by_theme(
    corpus: Corpus, ledger: Ledger, cell: str, requests: Sequence[Request]
) -> list[Content]:
    """List points under their themes, the theme that most groups raised there first."""
    order = [theme.code for theme in claim_themes(corpus, ledger, cell)]
    by_theme: dict[str, list[Content]] = {theme: [] for theme in [*order, WITHOUT_TOPIC]}
    for request in _take_first(corpus, requests):
        themes = set(_themes_of(corpus, request.segments))
        theme = next((theme for theme in order if theme in themes), WITHOUT_TOPIC)
        by_theme[theme].append(_show_request(corpus, request, cell))
    parts: list[Content] = []
    for theme, lines in by_theme.items():
        if lines:
            name = link_code(corpus.study, theme) if theme else say("Without a topic")
            parts += [element("h4", name), items(lines, kind="labels")]
    return parts


def _take_first(corpus: Corpus, requests: Sequence[Request]) -> Sequence[Request]:
    """Return the points listed: of many, those of several groups, then one of each group first."""
    if len(requests) <= MOST_POINTS:
        return requests
    taken: Counter[str] = Counter()
    ranks = []
    for at, (same, groups) in enumerate(requests):
        group = corpus.by_id[same[0]].focus_group
        ranks.append((groups is None, taken[group], at))
        taken[group] += 1
    return [requests[at] for *_, at in sorted(ranks)[:MOST_POINTS]]


def _count_more(
    corpus: Corpus, ledger: Ledger, cell: str, requests: Sequence[Request]
) -> list[Content]:
    """Return how many points are not listed, as a link to all."""
    more = len(requests) - MOST_POINTS
    if more <= 0:
        return []
    claim = ledger.number(
        f"requests.{cell}.more",
        translate(
            "Different points in {place} that the report doesn't list, under: {question}",
            place=corpus.name,
            question=corpus.study.instrument.question_label(cell),
        ),
        (more, REQUESTS),
        **corpus.points(cell)._asdict(),
    )
    return [element("p", say_number("{n} more.", "{n} more.", more, n=claim), class_="hint")]


def _themes_of(corpus: Corpus, same: Iterable[str]) -> list[str]:
    """Return the themes of points of one label, those of their sub-points included."""
    return [
        theme
        for segment in same
        for each in (segment, *corpus.subpoints.get(segment, ()))
        for theme in corpus.themes_of.get(each, ())
    ]


def _show_request(corpus: Corpus, request: Request, cell: str) -> Markup:
    """Return a point by its name, with its sub-points and how many focus groups gave its label.

    It is in full where the name could mislead: one like "SRHR commodities" under STOP says the
    opposite of what was said.
    """
    segment = request.segments[0]
    found, shown = corpus.by_id[segment], link_segment(corpus, segment)
    verb = corpus.study.instrument.question_label(cell)
    if cell == STOP and not fold_label(found.label).startswith(fold_label(verb)):
        words = _quote(found) if found.text else shown
        shown = join([element("strong", verb), " \u2013 ", words])
    subpoints = [link_by_name(corpus, each) for each in corpus.subpoints.get(segment, ())]
    given = [" ", element("small", say("{n} groups", n=request.groups))] if request.groups else []
    return join([shown, items(subpoints, kind="labels"), *given])


def _quote(segment: Segment) -> Markup:
    """Return the words of a passage, in their language."""
    return element("q", segment.text, **written_in(segment.language))


def _explain_withheld(corpus: Corpus, ledger: Ledger, cells: Sequence[str]) -> Markup:
    """Return how many points are counted and not shown."""
    segments = [
        segment
        for cell in cells
        for segment in corpus.points(cell).segments
        if corpus.by_id[segment].withheld
    ]
    if not segments:
        return join([])
    rows = corpus.segments[corpus.segments["segment"].isin(segments)]
    claim = ledger.number(
        "requests.withheld",
        translate(
            "Points in {place} to continue, stop or start that are counted and not shown",
            place=corpus.name,
        ),
        (len(segments), "points"),
        **evidence_of(rows)._asdict(),
    )
    sentence = say_number(
        "{n} point is counted in the themes and not shown: consent is for counts only.",
        "{n} points are counted in the themes and not shown: consent is for counts only.",
        claim.value,
        n=claim,
    )
    return element("p", sentence, class_="hint")


def show_patterns(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the patterns that focus groups saw in their own discussion, by their labels."""
    requests = find_requests(corpus, ledger, PATTERNS)
    if corpus.is_single or not requests:
        return ledger.show()
    lines = [_show_request(corpus, each, PATTERNS) for each in _take_first(corpus, requests)]
    return ledger.show(
        element("h2", say("Patterns they saw"), id="patterns"),
        element("p", count_requests(corpus, ledger, PATTERNS, requests), class_="hint"),
        items(lines, kind="labels columns"),
        *_count_more(corpus, ledger, PATTERNS, requests),
    )


def show_keys(corpus: Corpus, ledger: Ledger) -> Content:
    """Return the key recommendation of each focus group by its label."""
    keys = _take_keys(corpus)
    first = [
        shown[0]
        for segments in keys.values()
        if (shown := [each for each in segments if not corpus.by_id[each].withheld])
    ]
    # A label that several focus groups gave is there once.
    links = list(link_labels(corpus, first))
    if not links:
        return ""
    answered = claim_answered(corpus, ledger, KEY)
    lead = element("strong", say("The one thing they ask for."))
    one, many = NAMED_ALL if len(first) == len(keys) else NAMED_SOME
    said = say_number(one, many, answered.denominator, groups=answered)
    every = element("a", say("In their words"), href="#key-recommendations")
    return element(
        "div",
        element("p", lead, " ", said),
        items(links, kind="inline"),
        element("p", every),
        *_count_left(corpus, ledger),
        class_="key",
    )


def show_key_recommendations(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what each focus group would have repeated above all else, in its words."""
    if corpus.is_single or not corpus.answers(KEY).segments:
        return ledger.show()
    keys = _take_keys(corpus)
    lines = [
        join([*dict.fromkeys(_in_full(corpus, each) for each in segments), source])
        for group, segments in keys.items()
        for source in [element("p", describe_group(corpus, group), class_="source")]
        if not _are_withheld(corpus, segments)
    ]
    said = say(
        "The recommendation that each focus group put first; {groups} named one.",
        groups=claim_answered(corpus, ledger, KEY),
    )
    return ledger.show(
        element("h2", say("The one thing they ask for"), id="key-recommendations"),
        element("p", said, class_="hint"),
        items(lines, kind="keys"),
        *_name_withheld(corpus, keys),
        *_count_left(corpus, ledger),
    )


def _are_withheld(corpus: Corpus, segments: Iterable[str]) -> bool:
    return all(corpus.by_id[segment].withheld for segment in segments)


def _name_withheld(corpus: Corpus, keys: Mapping[str, Sequence[str]]) -> list[Content]:
    """Name the focus groups whose key recommendation is counted and not shown."""
    withheld = [group for group, segments in keys.items() if _are_withheld(corpus, segments)]
    if not withheld:
        return []
    named = join([describe_group(corpus, group) for group in withheld], "; ")
    return [element("p", say(WITHHELD), " ", named, class_="hint")]


def _take_keys(corpus: Corpus) -> dict[str, list[str]]:
    """Return the key recommendations listed: of many focus groups some from all over the list."""
    answers = corpus.answers(KEY)
    step = -(-len(answers.focus_groups) // MOST_KEYS) or 1
    by_group: dict[str, list[str]] = {group: [] for group in answers.focus_groups[::step]}
    for segment in answers.segments:
        group = corpus.by_id[segment].focus_group
        if group in by_group:
            by_group[group].append(segment)
    return by_group


def _count_left(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return how many focus groups named a key recommendation that is not listed."""
    answers = corpus.answers(KEY)
    left = len(answers.focus_groups) - len(_take_keys(corpus))
    if not left:
        return []
    claim = ledger.number(
        f"answered.{KEY}.more",
        translate(
            "Focus groups in {place} whose key recommendation the report doesn't list",
            place=corpus.name,
        ),
        (left, FOCUS_GROUPS),
        **answers._asdict(),
    )
    sentence = say_number(
        "{n} more focus group named one.", "{n} more focus groups named one.", left, n=claim
    )
    return [element("p", sentence, class_="hint")]


def show_one_discussion(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the first screen of a report on one focus group: what it asks for, and what to stop.

    Its key recommendation and every point under STOP are there in full; its patterns and what to
    continue and to start by their labels.
    """
    parts: list[Content] = []
    for cell in (KEY, STOP):
        segments = corpus.answers(cell).segments
        if segments:
            name = corpus.study.instrument.question_label(cell)
            marked = {"data_card": "key"} if cell == KEY else {}
            lines = [_in_full(corpus, segment, **marked) for segment in segments]
            parts += [element("h3", name), _count_points(corpus, ledger, cell)]
            parts.append(items(lines, kind="keys"))
    for cell in (PATTERNS, *(cell for cell in ASKED_CELLS if cell != STOP)):
        segments = corpus.points(cell).segments
        shown = [each for each in segments if not corpus.by_id[each].withheld]
        if shown:
            name = corpus.study.instrument.question_label(cell)
            links = [link_segment(corpus, segment) for segment in shown]
            parts += [element("h3", name), _count_points(corpus, ledger, cell)]
            parts.append(items(links, kind="labels columns"))
    return parts


def _count_points(corpus: Corpus, ledger: Ledger, cell: str) -> Markup:
    points = claim_points(corpus, ledger, cell)
    sentence = say_number("{n} point.", "{n} points.", points.value, n=points)
    return element("p", sentence, class_="hint")


def _in_full(corpus: Corpus, segment: str, **marked: str) -> Markup:
    """Return a passage by its label and in its words, or why it has none."""
    found = corpus.by_id[segment]
    if reason := why_no_words(found):
        return element("p", say(reason))
    # Words that another report shows are a link away.
    named = found.label or not found.text
    label = [element("strong", link_segment(corpus, segment))] if named else []
    words = [_quote(found)] if found.text else []
    return element("p", join([*label, *words], " "), **marked)
