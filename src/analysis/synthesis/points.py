"""What groups ask for: continue, stop and start, the patterns they saw, and what they set first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import translate
from analysis.synthesis.claims import FOCUS_GROUPS, Evidence, evidence_of
from analysis.synthesis.excerpts import WITHHELD, describe_group
from analysis.synthesis.framework_matrix import claim_answered, claim_points, claim_themes
from analysis.synthesis.labels import (
    by_label,
    fold_label,
    link_by_name,
    link_segment,
    subpoints_of,
)
from analysis.synthesis.markup import (
    element,
    items,
    join,
    say,
    say_number,
    written_in,
)
from analysis.synthesis.named_codes import link_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
OTHER = ""


class Requests(NamedTuple):
    """What is asked for in a cell.

    Parameters
    ----------
    cell : str
        ``section.question``.
    together : list of list of str
        The points that may be shown, those of one label together, most focus groups first.
    different : Claim
        How many different ones there are.
    answered : Claim
        How many focus groups answered.
    points : Claim
        How many points they made.
    """

    cell: str
    together: list[list[str]]
    different: Claim
    answered: Claim
    points: Claim


def find_requests(corpus: Corpus, ledger: Ledger, cell: str) -> Requests:
    """Return the points of a cell by their labels, with how many different ones there are."""
    together = by_label(corpus, corpus.points(cell).segments)
    shown = [segment for same in together for segment in same]
    rows = corpus.segments[corpus.segments["segment"].isin(shown)]
    verb = corpus.study.instrument.question_label(cell)
    different = ledger.number(
        f"requests.{cell}",
        translate(
            "Different points in {place} that may be shown, under: {question}",
            place=corpus.name,
            question=verb,
        ),
        (len(together), REQUESTS),
        **evidence_of(rows)._asdict(),
    )
    answered, points = (claim(corpus, ledger, cell) for claim in (claim_answered, claim_points))
    return Requests(cell, together, different, answered, points)


def claim_repeated(corpus: Corpus, ledger: Ledger, requests: Requests) -> list[Claim | None]:
    """Return, for each label of a cell, how many focus groups gave it, where two or more did."""
    claims: list[Claim | None] = []
    number = 0
    verb = corpus.study.instrument.question_label(requests.cell)
    for same in requests.together:
        groups = {corpus.by_id[segment].focus_group for segment in same}
        if len(groups) < 2:
            claims.append(None)
            continue
        number += 1
        claims.append(
            ledger.number(
                f"repeated.{requests.cell}.{number}",
                translate(
                    "Focus groups in {place} that gave the same label, under: {question}",
                    place=corpus.name,
                    question=verb,
                ),
                (len(groups), FOCUS_GROUPS),
                focus_groups=groups,
                segments=same,
            )
        )
    return claims


def count_requests(requests: Requests) -> Markup:
    """Return how many points how many focus groups made, and how many of these are different."""
    return say_number(
        "{points} point from {groups} focus groups; {n} different by their labels.",
        "{points} points from {groups} focus groups; {n} different by their labels.",
        requests.points.value,
        points=requests.points,
        groups=requests.answered,
        n=requests.different,
    )


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
    name = corpus.study.instrument.question_label(cell)
    said = count_requests(requests)
    return element(
        "section",
        element("h3", name),
        element("p", said, class_="hint"),
        *_list_by_theme(corpus, ledger, requests),
        class_=cell.rpartition(".")[2],
    )


def _list_by_theme(corpus: Corpus, ledger: Ledger, requests: Requests) -> list[Content]:
    """List points under their themes, the theme that most groups raised there first."""
    repeated = claim_repeated(corpus, ledger, requests)
    named = list(zip(requests.together, repeated, strict=True))
    listed, more = _take_points(corpus, named), len(named) - MOST_POINTS
    order = {theme.code: at for at, theme in enumerate(claim_themes(corpus, ledger, requests.cell))}
    heads = subpoints_of(corpus)
    by_theme: dict[str, list[Content]] = {theme: [] for theme in [*order, OTHER]}
    for same, claim in listed:
        themes = _themes_of(corpus, same, heads)
        theme = min(themes, key=lambda name: order.get(name, len(order)), default=OTHER)
        line: list[Content] = [_show_point(corpus, same[0], requests.cell, heads)]
        if claim:
            line += [" ", element("small", say("{n} groups", n=claim))]
        by_theme.setdefault(theme, []).append(join(line))
    parts: list[Content] = []
    for theme, lines in by_theme.items():
        if lines:
            name = link_code(corpus.study, theme) if theme else say("Without a topic")
            parts += [element("h4", name), items(lines, kind="labels")]
    if more > 0:
        parts.append(_link_more(corpus, ledger, requests, more))
    return parts


def _take_points(
    corpus: Corpus, named: list[tuple[list[str], Claim | None]]
) -> list[tuple[list[str], Claim | None]]:
    """Return the points listed: of many, those of several groups, then one of each group first."""
    if len(named) <= MOST_POINTS:
        return named
    taken: Counter[str] = Counter()
    ranks = []
    for at, (same, claim) in enumerate(named):
        group = corpus.by_id[same[0]].focus_group
        ranks.append((claim is None, taken[group], at))
        taken[group] += 1
    return [named[at] for *_, at in sorted(ranks)[:MOST_POINTS]]


def _link_more(corpus: Corpus, ledger: Ledger, requests: Requests, more: int) -> Markup:
    """Say how many points are not listed, and link to all."""
    points = corpus.points(requests.cell)
    name = corpus.study.instrument.question_label(requests.cell)
    claim = ledger.number(
        f"requests.{requests.cell}.more",
        translate(
            "Different points in {place} that the report doesn't list, under: {question}",
            place=corpus.name,
            question=name,
        ),
        (more, REQUESTS),
        **points._asdict(),
    )
    return element("p", say_number("{n} more.", "{n} more.", more, n=claim), class_="hint")


def _themes_of(corpus: Corpus, same: Iterable[str], heads: dict[str, list[str]]) -> list[str]:
    """Return the themes of points of one label, those of their sub-points included."""
    return [
        theme
        for segment in same
        for each in (segment, *heads.get(segment, ()))
        for theme in corpus.themes_of.get(each, ())
    ]


def _show_point(corpus: Corpus, segment: str, cell: str, heads: dict[str, list[str]]) -> Markup:
    """Return a point by its name, with its sub-points; in full where the name could mislead."""
    shown: list[Content] = [link_segment(corpus, segment)]
    found = corpus.by_id[segment]
    if cell == STOP and not _says_the_verb(corpus, found.label, cell):
        # A name like "SRHR commodities" under STOP says the opposite of what was said.
        verb = corpus.study.instrument.question_label(cell)
        words = _quote(found) if found.text else link_segment(corpus, segment)
        shown = [say("{verb}: {words}", verb=element("strong", verb), words=words)]
    if segment in heads:
        shown.append(items([link_by_name(corpus, each) for each in heads[segment]], kind="labels"))
    return join(shown)


def _quote(segment: Segment) -> Markup:
    """Return the words of a passage, in their language."""
    return element("q", segment.text, **written_in(segment.language))


def _says_the_verb(corpus: Corpus, label: str, cell: str) -> bool:
    verb = fold_label(corpus.study.instrument.question_label(cell))
    return fold_label(label).startswith(verb)


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
        "{n} more point is counted in the themes and not shown: consent is for counts only.",
        "{n} more points are counted in the themes and not shown: consent is for counts only.",
        claim.value,
        n=claim,
    )
    return element("p", sentence, class_="hint")


def show_patterns(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the patterns that focus groups saw in their own discussion, by their labels."""
    requests = find_requests(corpus, ledger, PATTERNS)
    if corpus.is_single or not requests.together:
        return ledger.show()
    repeated = claim_repeated(corpus, ledger, requests)
    named = list(zip(requests.together, repeated, strict=True))
    heads = subpoints_of(corpus)
    lines = [
        join(
            [
                _show_point(corpus, same[0], PATTERNS, heads),
                *([" ", element("small", say("{n} groups", n=claim))] if claim else []),
            ]
        )
        for same, claim in _take_points(corpus, named)
    ]
    more = len(named) - MOST_POINTS
    said = count_requests(requests)
    return ledger.show(
        element("h2", say("Patterns they saw"), id="patterns"),
        element("p", said, class_="hint"),
        items(lines, kind="labels columns"),
        _link_more(corpus, ledger, requests, more) if more > 0 else "",
    )


def show_key_recommendations(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return what each focus group would have repeated above all else, in its words."""
    answers = corpus.answers(KEY)
    if corpus.is_single or not answers.segments:
        return ledger.show()
    answered = claim_answered(corpus, ledger, KEY)
    groups = answers.focus_groups[:: -(-len(answers.focus_groups) // MOST_KEYS) or 1]
    by_group: dict[str, list[str]] = {group: [] for group in groups}
    for segment in answers.segments:
        group = corpus.by_id[segment].focus_group
        if group in by_group:
            by_group[group].append(segment)
    lines = [_show_key(corpus, group, segments) for group, segments in by_group.items()]
    said = say(
        "What each focus group would have repeated above all else; {groups} named one.",
        groups=answered,
    )
    left = len(answers.focus_groups) - len(groups)
    return ledger.show(
        element("h2", say("The one thing they ask for"), id="key-recommendations"),
        element("p", said, class_="hint"),
        items(lines, kind="keys"),
        _count_left(corpus, ledger, left) if left else "",
    )


def _show_key(corpus: Corpus, group: str, segments: Sequence[str]) -> Markup:
    found = [corpus.by_id[segment] for segment in segments]
    source = element("p", describe_group(corpus, group), class_="source")
    if all(each.withheld for each in found):
        return join([element("p", say(WITHHELD)), source])
    said = []
    for each in found:
        label = element("strong", link_segment(corpus, each.segment)) if each.label else ""
        words = _quote(each) if each.text else ""
        said.append(element("p", join([label, " " if label and words else "", words])))
    return join([*said, source])


def _count_left(corpus: Corpus, ledger: Ledger, left: int) -> Markup:
    answers = corpus.answers(KEY)
    claim = ledger.number(
        f"answered.{KEY}.more",
        translate(
            "Focus groups in {place} whose key recommendation the report doesn't list",
            place=corpus.name,
        ),
        (left, FOCUS_GROUPS),
        **Evidence(answers.focus_groups, answers.segments)._asdict(),
    )
    sentence = say_number(
        "{n} more focus group named one.", "{n} more focus groups named one.", left, n=claim
    )
    return element("p", sentence, class_="hint")


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
            lines = [_in_full(corpus, segment) for segment in segments]
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


def _in_full(corpus: Corpus, segment: str) -> Markup:
    found = corpus.by_id[segment]
    label = element("strong", link_segment(corpus, segment)) if found.label else ""
    words = _quote(found) if found.text else say(WITHHELD) if found.withheld else ""
    marked = {"data_card": "key"} if found.cell == KEY else {}
    return element("p", join([label, " " if label and words else "", words]), **marked)
