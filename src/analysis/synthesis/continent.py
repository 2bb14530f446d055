"""What only a continent's report has: a card for each region, and continent-wide discussions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.study.language import translate
from analysis.synthesis.excerpts import WITHHELD, describe_group, show_name
from analysis.synthesis.framework_matrix import name_cell
from analysis.synthesis.links import link_code
from analysis.synthesis.listing import describe_groups_listed, link_labels, take_groups_fairly
from analysis.synthesis.markup import (
    Row,
    element,
    items,
    join,
    list_words,
    say,
    say_number,
    table,
    term,
)
from analysis.synthesis.overview import claim_at_home, claim_part
from analysis.synthesis.prevalence import name_question
from analysis.synthesis.who_was_heard import COUNTRIES, countries_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

ON_CARD = ("concerns", "hope", "constraints")
# Of more topics at the same count, only their number is shown.
MOST_TIED = 3


def show_cards(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return a card for each region: its size, and what it raised most as concern, hope, limits."""
    cards = [_show_card(corpus, ledger, region) for region in corpus.narrower_homes]
    if not cards:
        return ledger.show()
    # Places of a study's own may be sites or strata: these are not called regions.
    title = say("The regions" if corpus.study.has_countries else "The places")
    about = say(
        "Of a region that spans continents, only the focus groups of this continent are counted. "
        "Each card names the topic that most of them raised; regions of fewer than five groups are "
        "voices, not patterns."
        if corpus.study.has_countries
        else "Each card names the topic that most focus groups raised; places of fewer than five "
        "groups are voices, not patterns."
    )
    is_ranked = corpus.follows_template and not corpus.is_single
    return ledger.show(
        element("h2", title, id="regions"),
        element("div", *cards, class_="cards"),
        element("p", about, class_="caption") if is_ranked else "",
    )


def _show_card(corpus: Corpus, ledger: Ledger, region: str) -> Markup:
    number = claim_part(corpus, ledger, region)
    # Of one discussion nothing is raised most.
    named = () if corpus.is_single else ON_CARD
    size = [say_number("{n} focus group", "{n} focus groups", number.value, n=number)]
    if corpus.study.has_countries:
        size.append(_count_countries(corpus, ledger, region))
    return element(
        "article",
        element("h3", element("a", term(corpus.study.places.name(region)), href=f"{region}.html")),
        element("p", join(size, " \u00b7 "), class_="hint"),
        *(_most_raised(corpus, ledger, region, question) for question in named),
        class_="card",
    )


def _count_countries(corpus: Corpus, ledger: Ledger, region: str) -> Markup:
    groups, places = corpus.groups_at(region), corpus.study.places
    met_in = ledger.number(
        f"part.countries.{region}",
        translate(
            "Countries in which focus groups counted in {place} from {part} met",
            place=corpus.name,
            part=places.name(region),
        ),
        (len(countries_of(groups, places)), COUNTRIES),
        focus_groups=groups["focus_group"],
    )
    return say_number("{n} country", "{n} countries", met_in.value, n=met_in)


def _most_raised(corpus: Corpus, ledger: Ledger, region: str, question: str) -> Content:
    """Return the topics that most focus groups of a region raised under a question, up to three."""
    asked = {g for g in corpus.asked(question).focus_groups if corpus.homes[g] == region}
    counts = {
        code: len(asked.intersection(corpus.raised_under(code, question).focus_groups))
        for code in corpus.study.codebook.codes
    }
    most = max(counts.values(), default=0)
    if not most:
        return ""
    tied = [code for code, count in counts.items() if count == most]
    label = name_question(corpus, question)
    claims = [_claim(corpus, ledger, region, (code, question), asked) for code in tied[:MOST_TIED]]
    named = [
        join([link_code(corpus.study, code), " (", claim, ")"])
        for code, claim in zip(tied, claims, strict=False)
    ]
    if len(tied) > MOST_TIED:
        ties = ledger.number(
            f"region.{region}.ties.{question}",
            translate(
                "Topics most raised in {region}, within {place}, under: {question}",
                region=corpus.study.places.name(region),
                place=corpus.name,
                question=label,
            ),
            (len(tied), "topics"),
        )
        named = [say("{n} topics at {count}", n=ties, count=claims[0])]
    return join([element("h4", label), element("p", list_words(named))])


def _claim(
    corpus: Corpus, ledger: Ledger, region: str, about: tuple[str, str], asked: set[str]
) -> Claim:
    code, question = about
    raised = corpus.raised_under(code, question)
    return ledger.count(
        f"region.{region}.{code}.{question}",
        translate(
            "Focus groups in {region}, within {place}, that raised {topic} under: {question}",
            region=corpus.study.places.name(region),
            place=corpus.name,
            topic=corpus.study.codebook.name(code),
            question=name_question(corpus, question),
        ),
        asked.intersection(raised.focus_groups),
        of=asked,
        segments=[s for s in raised.segments if corpus.by_id[s].focus_group in asked],
    )


def show_continent_wide(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return each continent-wide discussion by its points, question by question.

    There is none to show where only one focus group is counted: then the whole report is about it.
    """
    if corpus.is_single:
        return ledger.show()
    wide = corpus.groups_at(corpus.place)
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
        Row(name_cell(corpus, cell), [items(links)])
        for cell in corpus.study.instrument.cells
        if (
            links := list(
                link_labels(corpus, filter(own.__contains__, corpus.points(cell).segments))
            )
        )
    ]
    title, language = show_name(group), group["language"]
    theme = [term(group["theme"], language), ". "] if group["theme"] and group["title"] else []
    about = element("p", *theme, describe_group(corpus, name), ".")
    caption = say("{discussion}: its points, question by question", discussion=title)
    columns = [translate("Question"), translate("Points")]
    points = table(f"wider-{name}", caption, columns, rows) if rows else element("p", say(WITHHELD))
    return [element("h3", title), about, points]
