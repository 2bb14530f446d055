"""The frame of a report: the line on its source and limits, and how to read its numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.study.language import to_translate, translate
from analysis.synthesis.captions import describe_who_coded, name_licence
from analysis.synthesis.claims import FOCUS_GROUPS, SEGMENTS, evidence_of
from analysis.synthesis.excerpts import show_name
from analysis.synthesis.links import link_code
from analysis.synthesis.listing import describe_groups_listed, take_groups_fairly
from analysis.synthesis.markup import (
    Row,
    date,
    element,
    items,
    join,
    list_words,
    say,
    say_number,
    table,
    term,
)
from analysis.synthesis.participants import claim_group, describe_people, name_kinds
from analysis.synthesis.who_was_heard import claim_countries, describe_when
from analysis.tables.focus_groups import split_values
from analysis.tables.participants import kinds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from analysis.study.settings import Coder
    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content

CODING_RULES = {
    "any": to_translate(
        "A code counts on a passage once one coder applied it, so that no voice is lost."
    ),
    "all": to_translate(
        "A code counts on a passage when every coder of the focus group applied it."
    ),
}
WITHHELD_HOST = to_translate("withheld")
KINDS_OF_CODERS = {
    "human": to_translate("A person: {description}"),
    "model": to_translate("A language model: {description}"),
    "rule": to_translate("A rule: {description}"),
}
CHOSEN = to_translate(
    "Groups were chosen for what they know, not drawn at random: no count is a share of people."
)
HOSTS_NOTES = to_translate(
    "The words are hosts' notes and not transcripts: a few points for each question."
)
NOTES = {
    "verbatim": to_translate("Passages are in the words of the submissions."),
    "restated": to_translate("Passages are restated in other words than those of the submissions."),
    "synthetic": to_translate("Passages are invented: nobody said any of this."),
}


def claim_groups(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many focus groups are counted."""
    return ledger.number(
        "groups",
        translate("Focus groups counted in {place}", place=corpus.name),
        (len(corpus.focus_groups), FOCUS_GROUPS),
        focus_groups=corpus.groups,
    )


def claim_segments(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many passages the report rests on."""
    return ledger.number(
        "segments",
        translate("Passages of the focus groups counted in {place}", place=corpus.name),
        (len(corpus.segments), SEGMENTS),
        focus_groups=corpus.groups,
        segments=corpus.segments["segment"],
    )


def claim_at_home(corpus: Corpus, ledger: Ledger) -> Claim:
    """Return the claim of how many focus groups counted are at home in the place itself."""
    at_home = corpus.groups_at(corpus.place)
    return ledger.number(
        "at_home",
        translate(
            "Focus groups counted in {place} and at home there, in none of its parts",
            place=corpus.name,
        ),
        (len(at_home), FOCUS_GROUPS),
        focus_groups=at_home["focus_group"],
    )


def claim_part(corpus: Corpus, ledger: Ledger, home: str) -> Claim:
    """Return the claim of how many focus groups counted are at home in a part of the place."""
    groups, part = corpus.groups_at(home), corpus.study.places.name(home)
    return ledger.number(
        f"part.groups.{home}",
        translate("Focus groups counted in {place} from {part}", place=corpus.name, part=part),
        (len(groups), FOCUS_GROUPS),
        focus_groups=groups["focus_group"],
    )


def show_source(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return the line that a report opens with: who spoke, who coded, and the licence."""
    groups = claim_groups(corpus, ledger)
    link = element("a", say("Sources and limits"), href="#method")
    if not groups.value:
        none = say(
            "{n} focus groups are counted here: every submission received is about more than this "
            "place alone.",
            n=groups,
        )
        return ledger.show(element("p", none, " ", link, class_="source-line"))
    parts: list[Content] = [
        element("b", _describe_where_and_when(corpus, ledger, groups), data_card="size"),
        *describe_people(corpus, ledger),
        say("Hosts' notes, not transcripts; groups were chosen, not sampled.")
        if corpus.follows_template
        else say("Groups were chosen, not sampled."),
        describe_who_coded(corpus),
        *name_licence(corpus),
        link,
    ]
    return ledger.show(element("p", join(parts, " "), class_="source-line"))


def _describe_where_and_when(corpus: Corpus, ledger: Ledger, groups: Claim) -> Content:
    """Return how many focus groups met, in how many countries, from when to when."""
    when = term(describe_when(corpus))
    if corpus.study.has_countries:
        heard, every = claim_countries(corpus, ledger)
        if heard.value:
            return say_number(
                "{n} focus group in {heard} of {all} countries, {when}.",
                "{n} focus groups in {heard} of {all} countries, {when}.",
                groups.value,
                n=groups,
                heard=heard,
                all=every,
                when=when,
            )
    return say_number(
        "{n} focus group, {when}.", "{n} focus groups, {when}.", groups.value, n=groups, when=when
    )


def show_method(corpus: Corpus, ledger: Ledger) -> Fragment:
    """Return where the words come from, what limits the numbers, and how they are counted."""
    settings = corpus.study.settings
    coders = [
        join([element("code", coder.coder), " \u00b7 ", describe_coder(coder)])
        for coder in settings.coders
    ]
    limits = [CHOSEN, *([HOSTS_NOTES] if corpus.follows_template else [])]
    return ledger.show(
        element("h2", say("Sources, limits and method"), id="method"),
        element("h3", say("Where the words come from")),
        items([*_describe_sources(corpus), *map(say, limits), _describe_limit_of_coding(corpus)]),
        *_fold_groups(corpus, ledger),
        element("h3", say("How it was counted")),
        element("p", say(CODING_RULES[settings.publication.coding])),
        items(coders),
        *_show_sensitivity(corpus, ledger),
        *_show_failed_checks(corpus),
    )


def describe_coder(coder: Coder) -> Markup:
    """Return a coder in words: of which kind, and what the study says of it."""
    return say(KINDS_OF_CODERS[coder.kind], description=term(coder.description))


def _fold_groups(corpus: Corpus, ledger: Ledger) -> list[Content]:
    listed = list_focus_groups(corpus, ledger)
    if not listed:
        return []
    return [element("details", element("summary", say("Every focus group")), *listed)]


def _describe_sources(corpus: Corpus) -> list[Content]:
    """Return the kinds of text, who restated it, the source, and who had no part."""
    settings = corpus.study.settings
    kinds = sorted(corpus.segments["text_kind"].astype("str").unique())
    said: list[Content] = [say(NOTES[kind]) for kind in kinds if kind in NOTES]
    if settings.restated_by:
        said.append(say("Restated by {who}.", who=term(settings.restated_by)))
    if not settings.synthetic and "source" in corpus.focus_groups:
        said += [term(source) for source in sorted(set(corpus.focus_groups["source"])) if source]
    if settings.independent_of:
        named = list_words([term(name) for name in settings.independent_of])
        said.append(say("{names} had no part in this synthesis.", names=named))
    said.append(say("Data as of {date}.", date=date(settings.as_of.isoformat())))
    return said


def _describe_limit_of_coding(corpus: Corpus) -> Content:
    kinds = {coder.kind for coder in corpus.study.settings.coders}
    who = describe_who_coded(corpus)
    if "human" in kinds:
        return who
    return join([who, " ", say("No person has checked this coding.")])


def _show_sensitivity(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return how the counts move if only codes count that every coder of a passage applied."""
    codings = corpus.codings
    doubtful = (codings["of_coders"] > 1) & (codings["coders"] < codings["of_coders"])
    if corpus.is_single or not doubtful.any():
        return []
    all_codes = _groups_by_code(codings)
    strict = _groups_by_code(codings[~doubtful])
    moved = {code: n - strict[code] for code, n in all_codes.items() if n != strict[code]}
    if not moved:
        return []
    most = max(moved, key=lambda code: (moved[code], code))
    named = ledger.number(
        "sensitivity.codes",
        translate(
            "Topics in {place} whose count of focus groups depends on who coded", place=corpus.name
        ),
        (len(moved), "topics"),
    )
    kept = codings[(codings["code"] == most) & ~doubtful]
    left = ledger.number(
        f"sensitivity.{most}",
        translate(
            "Focus groups in {place} that raised {topic}, counting only codes that every coder of "
            "a passage applied",
            place=corpus.name,
            topic=corpus.study.codebook.name(most),
        ),
        (strict[most], FOCUS_GROUPS),
        focus_groups=kept["focus_group"].astype("str"),
        segments=kept["segment"],
    )
    passages, groups = _claim_coded_twice(corpus, ledger)
    sentence = say_number(
        "Coded passages that several coders looked at: {passages}, in {groups} focus groups. If "
        "only codes that all of them applied counted there, the count of {n} topic would be "
        "lower: that of {topic}, from {whole} to {left}.",
        "Coded passages that several coders looked at: {passages}, in {groups} focus groups. If "
        "only codes that all of them applied counted there, the counts of {n} topics would be "
        "lower, most of all that of {topic}: from {whole} to {left}.",
        len(moved),
        passages=passages,
        groups=groups,
        n=named,
        topic=link_code(corpus.study, most),
        whole=ledger[f"prevalence.{most}"],
        left=left,
    )
    return [element("h3", say("How much depends on who coded")), element("p", sentence)]


def _claim_coded_twice(corpus: Corpus, ledger: Ledger) -> tuple[Claim, Claim]:
    """Return how many coded passages several coders looked at, and in how many focus groups."""
    twice = corpus.codings[corpus.codings["of_coders"] > 1]
    evidence = evidence_of(twice.astype({"segment": "str", "focus_group": "str"}))
    place = corpus.name
    passages = ledger.number(
        "sensitivity.passages",
        translate("Coded passages in {place} that several coders looked at", place=place),
        (len(evidence.segments), SEGMENTS),
        **evidence._asdict(),
    )
    groups = ledger.count(
        "sensitivity.groups",
        translate("Focus groups in {place} with coded passages of several coders", place=place),
        evidence.focus_groups,
        of=corpus.coded_groups,
        segments=evidence.segments,
    )
    return passages, groups


def _groups_by_code(codings: pd.DataFrame) -> Counter[str]:
    pairs = codings[["code", "focus_group"]].astype("str").drop_duplicates()
    return Counter(pairs["code"])


def _show_failed_checks(corpus: Corpus) -> list[Content]:
    """Return the checks that the data behind the report failed."""
    messages = list(dict.fromkeys(warning.message for warning in corpus.warnings))
    if not messages:
        return []
    return [
        element("h3", say("Checks that failed")),
        element("p", say("Numbers marked \u2020 have a data warning:")),
        items([term(message) for message in messages]),
    ]


def list_focus_groups(corpus: Corpus, ledger: Ledger) -> list[Content]:
    """Return the table of the focus groups at home in the place, and those named as context.

    Those at home in a region of a continent are in the region's report.
    """
    columns = [
        translate("Discussion"),
        translate("Met in"),
        translate("Date"),
        translate("Hosted by"),
        translate("Kinds of participants"),
        *([] if corpus.rule == "none" else [translate("Participants")]),
        translate("Passages"),
    ]
    listed = take_groups_fairly(corpus.groups_at(corpus.place))
    kinds = {kind.key: term(kind.name, kind.language) for kind in kinds_of(corpus.focus_groups)}
    rows = [_group_row(corpus, ledger, group, kinds) for group in listed.to_dict("records")]
    wider = corpus.study.places.scope(corpus.place) == "continent"
    caption = (
        translate("Continent-wide discussions counted in {place}", place=corpus.name)
        if wider
        else translate("Focus groups counted in {place}", place=corpus.name)
    )
    counted = [table("groups", caption, columns, rows)] if rows else []
    return [
        *describe_groups_listed(corpus, ledger, listed, claim_at_home(corpus, ledger)),
        *counted,
        *_show_context(corpus, ledger),
    ]


def _group_row(
    corpus: Corpus, ledger: Ledger, group: Mapping[Any, Any], kinds: Mapping[str, Markup]
) -> Row:
    name, language = group["focus_group"], group["language"]
    people = claim_group(ledger, pd.DataFrame([group]), corpus.rule)
    segments = corpus.of_group(name).segments
    size = ledger.number(
        f"group.segments.{name}",
        translate("Passages of {group}", group=name),
        (len(segments), SEGMENTS),
        focus_groups=[name],
        segments=segments,
    )
    return Row(
        term(group["theme"], language) if group["theme"] else show_name(group),
        [
            term(_places(corpus, group)),
            date(group["held_on"]),
            term(group["organiser"], language) if group["organiser"] else say(WITHHELD_HOST),
            name_kinds(group, kinds),
            *([people] if people else []),
            size,
        ],
    )


def _places(corpus: Corpus, group: Mapping[Any, Any]) -> str:
    named = corpus.study.places.name
    at = ", ".join(named(place) for place in split_values(group["places"]))
    speaks_of = ", ".join(named(place) for place in split_values(group["speaks_of"]))
    if not speaks_of:
        return at
    return translate("{places}, speaking of {others}", places=at, others=speaks_of)


def _show_context(corpus: Corpus, ledger: Ledger) -> list[Content]:
    if not len(corpus.context):
        return []
    listed = take_groups_fairly(corpus.context)
    named = [
        join(
            [
                show_name(group),
                term(f" ({_places(corpus, group)}, "),
                date(group["held_on"]),
                ")",
            ]
        )
        for group in listed.to_dict("records")
    ]
    note = say("Wider discussions on this place too; they are named here and not counted:")
    whole = ledger.number(
        "context",
        translate(
            "Wider discussions on {place} too, which are not counted there", place=corpus.name
        ),
        (len(corpus.context), FOCUS_GROUPS),
        focus_groups=corpus.context["focus_group"],
    )
    note_listed = describe_groups_listed(corpus, ledger, listed, whole)
    return [element("p", note), *note_listed, items(named)]
