"""The codebook as readers need it: each code, what it covers, how often it was used, and by whom.

In a build it is a page of its own, to which the name of a code in a report leads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import SEGMENTS, evidence_of
from analysis.synthesis.coverage import COVERAGE_PAGE
from analysis.synthesis.evidence import list_evidence, list_groups
from analysis.synthesis.links import CODEBOOK_PAGE, anchor_of_code
from analysis.synthesis.markup import element, join, say, say_number, term

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.study.codebook import Code
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

ABOUT = to_translate(
    "A theme is a heading; codes are what coders applied to passages. Uses are counted in focus "
    "groups and in passages, of the whole study."
)
# Named behind one number; of more, some from all over the list.
MOST_GROUPS = 30
EVIDENCE = to_translate("Focus groups behind each number")


def show_codebook(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return each code with its definition and its uses, or in a build the link to its page."""
    build = coverage.build
    level = 3 if build is None else 2
    book = coverage.study.codebook
    entries: list[Content] = []
    for theme in book.themes.values():
        entries.append(_show_theme(coverage, ledger, theme, level))
        entries += [
            _show_code(coverage, ledger, book.codes[code], level + 1)
            for code in book.codes_of(theme.code)
        ]
    page = ledger.show(element("p", say(ABOUT), class_="hint"), *entries)
    if build is None:
        return page
    evidence = list_evidence(page.claims, lambda claim: _behind(coverage, claim), level=3)
    parts = [page.html, element("h2", say(EVIDENCE)), element("div", *evidence, class_="evidence")]
    build.write_page(COVERAGE_PAGE, "codebook", "\n".join(parts))
    link = element("a", say("Codebook"), href=CODEBOOK_PAGE)
    about = say("Each code with its definition, its uses and how alike coders are on it.")
    return replace(page, html=element("p", link, " ", about))


def _show_theme(coverage: Coverage, ledger: Ledger, theme: Code, level: int) -> Markup:
    groups, passages = _claim_uses(coverage, ledger, theme)
    return join(
        [
            element(
                f"h{level}",
                term(coverage.study.codebook.name(theme.code)),
                id=anchor_of_code(theme.code),
            ),
            element("p", term(theme.definition)) if theme.definition else "",
            element("p", _describe_uses(groups, passages), class_="uses"),
        ]
    )


def _show_code(coverage: Coverage, ledger: Ledger, code: Code, level: int) -> Markup:
    groups, passages = _claim_uses(coverage, ledger, code)
    limits = [
        element("p", element("strong", title), " ", term(text))
        for title, text in (
            (say("Include:"), code.include),
            (say("Exclude:"), code.exclude),
        )
        if text
    ]
    used: list[Content] = [_describe_uses(groups, passages)]
    if passages.value:
        used.append(_describe_agreement(coverage, ledger, code, groups))
    if passages.value and coverage.build is not None:
        address = f"explorer.html?code={code.code}"
        used.append(element("a", say("Read the passages"), href=address))
    return element(
        "article",
        element(
            f"h{level}",
            term(coverage.study.codebook.name(code.code)),
            " ",
            element("code", code.code),
        ),
        element("p", term(code.definition)) if code.definition else "",
        *limits,
        element("p", join(used, " "), class_="uses"),
        class_="code-entry",
        id=anchor_of_code(code.code),
    )


def _claim_uses(coverage: Coverage, ledger: Ledger, code: Code) -> tuple[Claim, Claim]:
    """Return in how many focus groups, and on how many passages, a code or theme was used."""
    evidence = evidence_of(coverage.codings_of(code.code))
    groups = ledger.count(
        f"codebook.groups.{code.code}",
        translate(
            "Focus groups of the study that raised {code}",
            code=coverage.study.codebook.name(code.code),
        ),
        evidence.focus_groups,
        of=coverage.coded_groups,
        segments=evidence.segments,
    )
    passages = ledger.number(
        f"codebook.passages.{code.code}",
        translate(
            "Passages of the study about {code}", code=coverage.study.codebook.name(code.code)
        ),
        (len(evidence.segments), SEGMENTS),
        **evidence._asdict(),
    )
    return groups, passages


def _describe_uses(groups: Claim, passages: Claim) -> Markup:
    raised = say_number(
        "Raised by {groups} focus group.",
        "Raised by {groups} focus groups.",
        groups.denominator,
        groups=groups,
    )
    about = say_number(
        "{n} passage is about it.", "{n} passages are about it.", passages.value, n=passages
    )
    return join([raised, about], " ")


def _describe_agreement(coverage: Coverage, ledger: Ledger, code: Code, groups: Claim) -> Content:
    """Return on how many of the passages that several coders looked at all of them agreed."""
    rows = coverage.codings_of(code.code)
    twice = evidence_of(rows[rows["of_coders"] > 1])
    if not twice.segments:
        return say("No passage with this code was coded twice.")
    agreed = evidence_of(rows[(rows["of_coders"] > 1) & (rows["coders"] == rows["of_coders"])])
    name = coverage.study.codebook.name(code.code)
    return say_number(
        "Coders agreed on {agreed} of {twice} passage coded twice; focus groups: {groups}.",
        "Coders agreed on {agreed} of {twice} passages coded twice; focus groups: {groups}.",
        len(twice.segments),
        agreed=ledger.number(
            f"codebook.agreed.{code.code}",
            translate("Passages coded twice to which every coder applied {code}", code=name),
            (len(agreed.segments), SEGMENTS),
            **agreed._asdict(),
        ),
        twice=ledger.number(
            f"codebook.twice.{code.code}",
            translate("Passages coded twice to which some coder applied {code}", code=name),
            (len(twice.segments), SEGMENTS),
            **twice._asdict(),
        ),
        groups=ledger.count(
            f"codebook.twice_in.{code.code}",
            translate("Focus groups that raised {code} in passages coded twice", code=name),
            twice.focus_groups,
            of=groups.focus_groups,
            segments=twice.segments,
        ),
    )


def _behind(coverage: Coverage, claim: Claim) -> Content:
    """Return the focus groups behind a claim, each a link to its passages."""
    return list_groups(coverage, claim.focus_groups, MOST_GROUPS) or element(
        "p", say("No focus group.")
    )
