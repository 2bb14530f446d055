"""Who was heard in a study, who took part, answered and coded, and what numbers rest on."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import (
    FOCUS_GROUPS,
    NO_EVIDENCE,
    SEGMENTS,
    Ledger,
    evidence_by,
    evidence_of,
)
from analysis.synthesis.coverage import ALL, COVERAGE_PAGE
from analysis.synthesis.evidence import (
    LISTED,
    LISTED_GROUPS,
    NOTHING,
    fit_evidence,
    list_evidence,
    list_groups,
)
from analysis.synthesis.heat_table import Column, HeatRow, heat_table
from analysis.synthesis.links import CODEBOOK_PAGE, evidence_page
from analysis.synthesis.markup import Row, element, items, say, say_number, table, term
from analysis.synthesis.overview import describe_coder
from analysis.synthesis.participants import claim_kinds, claim_total, explain_rule, show_total
from analysis.synthesis.who_was_heard import COUNTRIES, countries_of
from analysis.tables.participants import kinds_of
from analysis.tables.segments import follow_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Evidence, Fragment
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content
    from analysis.tables.participants import KindOfParticipants

CODE_APPLICATIONS = "code applications"
ABOUT_ANSWERS = to_translate(
    "A question without an answer doesn't show that there was nothing to say. So each count of "
    "topics is of the focus groups that answered. A darker shade is a larger share of the groups "
    "of a place; places with fewer than five groups are not shaded."
)
ABOUT_CODERS = to_translate(
    "A coder has coded a focus group when they put at least one code on it."
)

# The ids of claims on a whole study start with this.
STUDY = "study"
# By the first word of the ids of claims, without their place.
SECTIONS = {
    "heard": to_translate("Who was heard and who took part"),
    "answered": to_translate("Who answered what"),
    "held": to_translate("Codes by focus group held"),
    "coder": to_translate("Who coded"),
    "agreement": to_translate("Agreement"),
    "": to_translate("All other numbers"),
}


def show_who_was_heard(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups, countries, participants and segments by home."""
    rows = [
        Row(coverage.name(home), _heard_claims(coverage, ledger, home)) for home in coverage.homes
    ]
    rows.append(Row(say("In all"), _heard_claims(coverage, ledger, ALL), kind="total"))
    people = [] if coverage.rule == "none" else [translate("Participants")]
    countries = [translate("Countries")] if coverage.study.has_countries else []
    columns = [
        translate("Place"),
        translate("Focus groups"),
        *countries,
        *people,
        translate("Passages"),
    ]
    about = say(
        "Each focus group is counted once: in its region, or with its continent where it speaks "
        "for more than one region."
        if coverage.study.has_countries
        else "Each focus group is counted once: in its place, or with the wider place where it "
        "speaks for more than one."
    )
    return ledger.show(
        element("h2", say("Who was heard"), id="who-was-heard"),
        element("p", about, class_="hint"),
        table("heard", translate("Focus groups, by place"), columns, rows),
        *_describe_left_out(coverage, ledger),
    )


def _describe_left_out(coverage: Coverage, ledger: Ledger) -> Iterator[Markup]:
    """Yield how many focus groups no number counts, without naming any."""
    if number := coverage.withdrawn:
        label = translate("Focus groups withdrawn from the study")
        sentence = say_number(
            "{n} focus group was withdrawn from the study. It is in no other number.",
            "{n} focus groups were withdrawn from the study. They are in no other number.",
            number,
            n=ledger.number("withdrawn", label, (number, FOCUS_GROUPS)),
        )
        yield element("p", sentence)
    if number := coverage.without_consent:
        label = translate("Focus groups without consent to be counted")
        sentence = say_number(
            "{n} focus group gave no consent to be counted. It is in no other number.",
            "{n} focus groups gave no consent to be counted. They are in no other number.",
            number,
            n=ledger.number("without_consent", label, (number, FOCUS_GROUPS)),
        )
        yield element("p", sentence)


def _claim_groups(coverage: Coverage, ledger: Ledger, home: str) -> Claim:
    groups = coverage.groups_at(home)["focus_group"]
    return ledger.number(
        f"heard.focus_groups.{home}",
        translate("Focus groups {where}", where=coverage.where(home)),
        (len(groups), FOCUS_GROUPS),
        focus_groups=groups,
    )


def _heard_claims(coverage: Coverage, ledger: Ledger, home: str) -> list[Content]:
    groups, segments = coverage.groups_at(home), coverage.segments
    listed = segments if home == ALL else segments[segments["home"] == home]
    where = coverage.where(home)
    countries = len(countries_of(groups, coverage.study.places))

    def claim(name: str, label: str, value: int, unit: str, segments: Iterable[str] = ()) -> Claim:
        names = groups["focus_group"]
        return ledger.number(
            f"heard.{name}.{home}", label, (value, unit), focus_groups=names, segments=segments
        )

    participants = translate("Participants {where}", where=where)
    people = claim_total(ledger, f"heard.participants.{home}", participants, groups, coverage.rule)
    return [
        _claim_groups(coverage, ledger, home),
        *(
            [claim("countries", translate("Countries {where}", where=where), countries, COUNTRIES)]
            if coverage.study.has_countries
            else []
        ),
        *([show_total(people)] if people else []),
        claim(
            "segments",
            translate("Passages {where}", where=where),
            len(listed),
            SEGMENTS,
            segments=listed["segment"],
        ),
    ]


def show_who_took_part(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of focus groups by kind of participants and home."""
    kinds = kinds_of(coverage.focus_groups)
    by_home = [_claim_kinds(coverage, ledger, kinds, home) for home in (*coverage.homes, ALL)]
    rows = [
        Row(term(kind.name, kind.language), claims)
        for kind, *claims in zip(kinds, *by_home, strict=True)
    ]
    caption = translate("Focus groups by kind of participants and place")
    columns = [translate("Kind"), *map(coverage.name, coverage.homes), translate("In all")]
    shown = [table("took-part", caption, columns, rows)] if rows else []
    title = element("h2", say("Who took part"), id="who-took-part")
    return ledger.show(title, *shown, explain_rule(coverage.rule))


def _claim_kinds(
    coverage: Coverage, ledger: Ledger, kinds: Sequence[KindOfParticipants], home: str
) -> list[Claim]:
    def label(kind: str) -> str:
        return translate("Focus groups {where} with {kind}", where=coverage.where(home), kind=kind)

    groups = coverage.groups_at(home)
    return claim_kinds(ledger, f"heard.kinds.{{}}.{home}", label, kinds, groups)


def show_who_answered(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of who answered each question of the template, by home.

    Nothing where no session reported on the template.
    """
    if not follow_template(coverage.segments["cell"]):
        return ledger.show()
    template = coverage.study.instrument
    columns = [
        Column(say("Question"), ""),
        *(Column(coverage.name(home), _size(coverage, ledger, home)) for home in coverage.homes),
    ]
    answers = evidence_by(["home", "cell"], coverage.segments)
    rows = []
    for section in template.sections:
        cells = [f"{section.section}.{question.question}" for question in section.questions]
        several = len(cells) > 1
        if several:
            rows.append(HeatRow(section.title, [None] * len(coverage.homes), is_theme=True))
        for cell in cells:
            header = template.question_label(cell) if several else section.title
            claims = [
                _claim_answered(coverage, ledger, (home, cell), answers) for home in coverage.homes
            ]
            rows.append(HeatRow(header, claims, is_theme=not several))
    title = translate("Focus groups that answered each question, by place")
    return ledger.show(
        element("h2", say("Who answered what"), id="who-answered-what"),
        element("p", say(ABOUT_ANSWERS), class_="hint"),
        heat_table("answered", title, columns, rows),
    )


def _claim_answered(
    coverage: Coverage,
    ledger: Ledger,
    at: tuple[str, str],
    answers: Mapping[tuple[str, str], Evidence],
) -> Claim:
    home, cell = at
    answered = answers.get(at, NO_EVIDENCE)
    return ledger.count(
        f"answered.{home}.{cell}",
        translate(
            "Focus groups at home in {place} that answered {cell}",
            place=coverage.name(home),
            cell=cell,
        ),
        answered.focus_groups,
        of=coverage.groups_at(home)["focus_group"],
        segments=answered.segments,
    )


def _size(coverage: Coverage, ledger: Ledger, home: str) -> Markup:
    groups = _claim_groups(coverage, ledger, home)
    return say_number("{n} group", "{n} groups", groups.value, n=groups)


def show_who_coded(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the table of coders, their kind, and what each coded."""
    applied = coverage.code_applications
    rows = [
        Row(
            term(coder.coder),
            [
                describe_coder(coder),
                *_coder_claims(
                    coverage, ledger, coder.coder, applied[applied["coder"] == coder.coder]
                ),
            ],
        )
        for coder in coverage.study.settings.coders
    ]
    columns = [
        translate("Coder"),
        translate("What the coder is"),
        translate("Focus groups coded"),
        translate("Code applications"),
    ]
    return ledger.show(
        element("h2", say("Who coded"), id="who-coded"),
        element("p", say(ABOUT_CODERS), class_="hint"),
        table("coders", translate("Coders of the study"), columns, rows),
    )


def _coder_claims(
    coverage: Coverage, ledger: Ledger, coder: str, applied: pd.DataFrame
) -> tuple[Claim, Claim]:
    evidence = evidence_of(applied)
    return (
        ledger.count(
            f"coder.groups.{coder}",
            translate("Focus groups that {coder} coded", coder=coder),
            evidence.focus_groups,
            of=coverage.focus_groups["focus_group"],
        ),
        ledger.number(
            f"coder.applications.{coder}",
            translate("Code applications by {coder}", coder=coder),
            (len(applied), CODE_APPLICATIONS),
            **evidence._asdict(),
        ),
    )


def open_coverage_ledger(coverage: Coverage) -> Ledger:
    """Return a ledger for the claims on a whole study, whose numbers lead to their evidence."""
    if coverage.build is None:
        return Ledger(STUDY, coverage.warnings)
    return Ledger(STUDY, coverage.warnings, _page_of)


def _page_of(name: str) -> str:
    section = name.partition(".")[0]
    if section == "codebook":
        return CODEBOOK_PAGE
    return f"{evidence_page(COVERAGE_PAGE, section if section in SECTIONS else '')}.html"


def show_coverage_evidence(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return what each number rests on, or in a build the links to the pages that show it.

    Claims that are made later have no evidence.
    """
    title = element("h2", say("What each number rests on"), id="evidence")
    show = partial(_show, coverage)
    build = coverage.build
    if build is None:
        entries = list_evidence(ledger, show, level=3)
        return ledger.show(title, element("div", *entries, class_="evidence"))
    by_page: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger:
        by_page[claim.page].append(claim)
    links = []
    for section, name in SECTIONS.items():
        page = evidence_page(COVERAGE_PAGE, section)
        if claims := by_page[f"{page}.html"]:
            body = fit_evidence(ledger, COVERAGE_PAGE, claims, show, LISTED_GROUPS)
            stem = page.removeprefix(f"{COVERAGE_PAGE}.")
            build.write_page(COVERAGE_PAGE, stem, f"{element('h2', say(name))}\n{body}\n")
            links.append(element("a", say(name), href=f"{page}.html"))
    return ledger.show(title, items(links, kind="inline"))


def _show(coverage: Coverage, claim: Claim, most: int = LISTED_GROUPS) -> Content:
    """Return the passages of a claim by their ids, or where these are too many its groups."""
    if claim.segments and len(claim.segments) <= LISTED:
        return items([_link(coverage, segment) for segment in claim.segments], kind="inline")
    return list_groups(coverage, claim.focus_groups, most) or element("p", say(NOTHING))


def _link(coverage: Coverage, segment: str) -> Markup:
    address = coverage.address_of(segment)
    return element("a", segment, href=address) if address else element("code", segment)
