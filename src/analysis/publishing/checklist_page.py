"""The checklist of a study: where each item of SRQR is reported, or that nobody stated it.

The items are those of the Standards for Reporting Qualitative Research (O'Brien and others 2014),
described in our own words. What a page shows is linked; what only a person can say is quoted from
`study.yaml`, or listed as not stated. Nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.publishing.rendering import render_body, render_page
from analysis.study.language import (
    to_translate,
    to_translate_number,
    translate,
    translate_number,
    write_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.publishing.html_reader import PageLinks
    from analysis.publishing.rendering import Page, RenderedPage
    from analysis.quality.outcomes import CheckReport
    from analysis.study.settings import Study

CHECKLIST = "checklist.html"
SOURCE = (
    "O'Brien, B. C., Harris, I. B., Beckman, T. J., Reed, D. A. and Cook, D. A. (2014). Standards "
    "for reporting qualitative research: a synthesis of recommendations. Academic Medicine 89(9), "
    "1245\u20131251."
)
REPORT = "report"
"""In the place of a page: the first report of the study."""


@dataclass(frozen=True)
class Item:
    """One item of the checklist.

    Parameters
    ----------
    title, about : str
        Its name, and what it asks for, in our own words.
    shown : tuple of (str, str, str)
        What pages show of it: what, the page, and the id there.
    stated : str
        The key of `study.yaml` under ``reporting`` that states it; empty where pages show all.
    """

    title: str
    about: str
    shown: tuple[tuple[str, str, str], ...] = ()
    stated: str = ""


# By the heading of the section, in the order of the standards.
ITEMS: Mapping[str, tuple[Item, ...]] = {
    to_translate("Title and abstract"): (
        Item(
            to_translate("Title"),
            to_translate("What the study is about, and that it is of focus groups."),
            ((to_translate("The study's page"), "index", ""),),
        ),
        Item(
            to_translate("Abstract"),
            to_translate("The study in short: why, how, what was found, what follows."),
            stated="summary",
        ),
    ),
    to_translate("Introduction"): (
        Item(
            to_translate("Problem"),
            to_translate("What the problem is, why it matters, and what is known of it."),
            stated="problem",
        ),
        Item(
            to_translate("Purpose or question"),
            to_translate("What the study wants to find out."),
            stated="question",
        ),
    ),
    to_translate("Methods"): (
        Item(
            to_translate("Approach and paradigm"),
            to_translate("Which qualitative approach was taken, and why."),
            stated="approach",
        ),
        Item(
            to_translate("Researchers and reflexivity"),
            to_translate("Who the researchers are to the participants, and what that may change."),
            ((to_translate("Who coded"), "coverage", "who-coded"),),
            "researchers",
        ),
        Item(
            to_translate("Context"),
            to_translate("Where and when the discussions were held."),
            (
                (to_translate("Who was heard, by place"), "coverage", "who-was-heard"),
                (to_translate("Places and dates"), REPORT, "who-was-heard"),
            ),
        ),
        Item(
            to_translate("Sampling"),
            to_translate("How focus groups and participants were chosen, and when that ended."),
            stated="sampling",
        ),
        Item(
            to_translate("Ethics"),
            to_translate("Ethical review, consent, and how people are protected."),
            ((to_translate("Groups left out because they gave no consent"), "index", ""),),
            "ethics",
        ),
        Item(
            to_translate("Data collection"),
            to_translate("What was collected, how, when, and how that changed on the way."),
            stated="collection",
        ),
        Item(
            to_translate("Instruments and technology"),
            to_translate("The questions that were asked, and what recorded the answers."),
            ((to_translate("Questions, and who answered them"), "coverage", "who-answered-what"),),
            "instruments",
        ),
        Item(
            to_translate("Units of study"),
            to_translate("How many focus groups and people took part, and who they are."),
            (
                (to_translate("Focus groups and people"), "coverage", "who-was-heard"),
                (to_translate("Kinds of participants"), "coverage", "who-took-part"),
            ),
        ),
        Item(
            to_translate("Data processing"),
            to_translate("What was done to the words before and during the analysis."),
            ((to_translate("Checks of the tables"), "quality", ""),),
            "processing",
        ),
        Item(
            to_translate("Data analysis"),
            to_translate("How codes and findings came about, and who made them."),
            (
                (to_translate("How it was counted"), REPORT, "method"),
                (to_translate("Codes by focus group held"), "coverage", "codes-by-group"),
            ),
        ),
        Item(
            to_translate("Trustworthiness"),
            to_translate("How the analysis was checked."),
            (
                (to_translate("Agreement of coders"), "coverage", "who-looked-at-what"),
                (to_translate("Checks of the tables"), "quality", ""),
            ),
            "trustworthiness",
        ),
    ),
    to_translate("Results"): (
        Item(
            to_translate("Findings"),
            to_translate("What was found, and how it is understood."),
            ((to_translate("The first report"), REPORT, ""),),
        ),
        Item(
            to_translate("Links to the data"),
            to_translate("Passages that support the findings."),
            ((to_translate("What each number rests on"), REPORT, ""),),
        ),
    ),
    to_translate("Discussion"): (
        Item(
            to_translate("Earlier work and use"),
            to_translate("How findings relate to what was known, and where else they may hold."),
            stated="integration",
        ),
        Item(
            to_translate("Limitations"),
            to_translate("What makes the findings less certain."),
            ((to_translate("Sources, limits and method"), REPORT, "method"),),
            "limitations",
        ),
    ),
    to_translate("Other"): (
        Item(
            to_translate("Conflicts of interest"),
            to_translate("What may have influenced the study, and how that was handled."),
            stated="conflicts",
        ),
        Item(
            to_translate("Funding"),
            to_translate("Who paid, and what they had a say in."),
            stated="funding",
        ),
    ),
}
# What hosts may leave blank: the item, and the sentence for one focus group or for more.
UNSAID = {
    "organiser": (
        to_translate("Context"),
        to_translate_number(
            "In {n} focus group the host didn't say who they are.",
            "In {n} focus groups the host didn't say who they are.",
        ),
    ),
    "participants": (
        to_translate("Units of study"),
        to_translate_number(
            "In {n} focus group the host didn't say who took part.",
            "In {n} focus groups the host didn't say who took part.",
        ),
    ),
}
NOT_RECORDED = to_translate("Nobody recorded this: the study's settings say so.")


@dataclass(frozen=True)
class Answer:
    """What is reported of one item.

    Parameters
    ----------
    number : int
        Its number in the standards.
    title, about : str
        Its name, and what it asks for.
    links : tuple of (str, str)
        What pages show of it, with their addresses.
    stated : str
        What the study's settings state.
    missing : tuple of str
        What nobody stated, as sentences.
    """

    number: int
    title: str
    about: str
    links: tuple[tuple[str, str], ...]
    stated: str
    missing: tuple[str, ...]


def render_checklist(
    page: Page,
    settings: Study,
    first: str,
    quality: CheckReport,
    shown: Mapping[str, PageLinks],
) -> RenderedPage:
    """Return the page that says where each item of the standards is reported.

    Parameters
    ----------
    first : str
        The name of its first report on a place; empty without any.
    quality : CheckReport
        What the checks found: what hosts left blank.
    shown : mapping of str to PageLinks
        The pages of the release: a section that a page leaves out is not reported.
    """
    unsaid = dict(_unsaid(settings, quality))
    number, sections = 0, []
    for heading, items in ITEMS.items():
        answers = []
        for item in items:
            number += 1
            answers.append(_answer(number, item, settings, unsaid, _links(item, first, shown)))
        sections.append((translate(heading), answers))
    body = render_body("checklist.html.j2", sections=sections, source=SOURCE)
    return render_page(body, page)


def _links(item: Item, first: str, shown: Mapping[str, PageLinks]) -> tuple[tuple[str, str], ...]:
    """Return the links to what pages show of an item, without sections that a page leaves out."""
    found = []
    for words, page, anchor in item.shown:
        file = f"{first if page == REPORT else page}.html"
        if file == ".html" or (anchor and anchor not in _ids(file, shown)):
            continue
        found.append((translate(words), f"{file}#{anchor}" if anchor else file))
    return tuple(found)


def _ids(file: str, shown: Mapping[str, PageLinks]) -> set[str]:
    return shown[file].ids if file in shown else set()


def _answer(
    number: int,
    item: Item,
    settings: Study,
    unsaid: Mapping[str, str],
    links: tuple[tuple[str, str], ...],
) -> Answer:
    stated = getattr(settings.reporting, item.stated) if item.stated else ""
    missing = [unsaid[item.title]] if item.title in unsaid else []
    if item.stated and not stated:
        missing.append(translate("Not stated."))
    elif not item.stated and not links:
        missing.append(translate("Not reported."))
    return Answer(
        number, translate(item.title), translate(item.about), links, stated, tuple(missing)
    )


def _unsaid(settings: Study, quality: CheckReport) -> Iterator[tuple[str, str]]:
    """Yield the items that hosts left blank, with a sentence; what nobody recorded is no fault."""
    for column, (title, (one, many)) in UNSAID.items():
        if column in settings.not_recorded:
            yield title, translate(NOT_RECORDED)
            continue
        blank = [
            outcome.failing
            for outcome in quality.outcomes
            if outcome.table == "focus_groups" and outcome.column == column
            if outcome.type.endswith("_to_not_be_null") and outcome.stage == "received"
            if not outcome.held
        ]
        if blank:
            yield title, translate_number(one, many, blank[0], n=write_number(blank[0]))
