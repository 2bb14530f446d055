"""The claims of a regional or continental report, recounted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.recount.cleaned import DUPLICATE, LEAD_IN, PERSONAL_DATA
from analysis.recount.corpus import Corpus
from analysis.recount.number import count, quantity
from analysis.recount.prevalence import count_prevalences
from analysis.recount.sections import names_of, recount_sections
from analysis.recount.study import CELLS, key_of, slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.recount.corpus import Whole
    from analysis.recount.number import Counted, Number
    from analysis.recount.study import Study


def recount_place(whole: Whole, place: str) -> dict[str, Number]:
    """Return every number that a report on a place may claim, by the claim's id."""
    corpus = Corpus(whole, whole.homes.counted_in(place))
    name = whole.homes.names[place]
    found = [
        *_sizes(corpus, name),
        *_codes(corpus, name),
        *_cells(corpus, name),
        *_voices(corpus, name),
        *_account(corpus, name),
        *recount_sections(corpus, place),
    ]
    if whole.homes.scope(place) == "continent":
        found += [*_parts(corpus, place), *_regions(corpus, place)]
    return {f"{place}.{rest}": number for rest, number in found}


def _sizes(corpus: Corpus, name: str) -> Counted:
    """Count focus groups, participants and segments, in all and for each focus group."""
    groups, segments = corpus.groups, names_of(corpus.segments)
    yield "groups", quantity(len(groups), "Focus groups", name, groups=groups)
    yield from total_of_people(corpus.whole.study, "participants", groups, name)
    yield from groups_by_kind(corpus.whole, "kinds.{}", groups, name)
    yield (
        "segments",
        quantity(len(segments), "Passages", name, groups=groups, segments=segments),
    )
    of_group: dict[str, list[str]] = {group: [] for group in groups}
    for segment in corpus.segments:
        of_group[segment.group].append(segment.name)
    for group, theirs in of_group.items():
        yield (
            f"group.participants.{group}",
            people_of_one(corpus.whole.study, group),
        )
        yield (
            f"group.segments.{group}",
            quantity(len(theirs), "Passages", group, groups=[group], segments=theirs),
        )


def people_of_one(study: Study, group: str) -> Number:
    """Return how many people took part in a focus group, as it is published."""
    people = study.participants(group)
    if people < (5 if study.rounds else 1):
        shown_as = "fewer than 5" if people else "not reported"
        return quantity(None, "Participants", group, groups=[group], shown_as=shown_as)
    return quantity(_published(study, people), "Participants", group, groups=[group])


def total_of_people(study: Study, claim: str, groups: Iterable[str], about: str) -> Counted:
    """Count the people of focus groups of 5 or more, and the focus groups that this leaves out."""
    people = {group: study.participants(group) for group in groups}
    fewer = [group for group in people if study.rounds and 0 < people[group] < 5]
    silent = [group for group in people if not people[group]]
    counted = people.keys() - {*fewer, *silent}
    if counted:
        value = _published(study, sum(people[group] for group in counted))
        yield claim, quantity(value, "Participants", about, groups=counted)
    elif not fewer or len(people) == 1:
        shown_as = "fewer than 5" if fewer else "not reported"
        yield claim, quantity(None, "Participants", about, shown_as=shown_as)
        return
    else:
        yield claim, quantity(None, "Participants", about, shown_as="no total")
    if fewer:
        yield f"{claim}.fewer_than_5", quantity(len(fewer), about, "fewer than 5", groups=fewer)
    if silent:
        yield f"{claim}.not_reported", quantity(len(silent), about, "not reported", groups=silent)


def _published(study: Study, people: int) -> int:
    """Round a number to the multiple of 5 that is nearest."""
    if not study.rounds:
        return people
    return min(range(0, people + 5, 5), key=lambda each: abs(each - people))


def groups_by_kind(
    whole: Whole, claim: str, groups: Iterable[str], about: str, kinds: Iterable[str] = ()
) -> Counted:
    """Count the focus groups of each kind of participants, of those that report kinds."""
    keys_of = {group: set(map(key_of, whole.cleaned.kinds(group))) for group in groups}
    reporting = [group for group, keys in keys_of.items() if keys]
    for key in {*map(key_of, kinds), *(key for keys in keys_of.values() for key in keys)}:
        with_kind = [group for group in reporting if key in keys_of[group]]
        yield claim.format(slug_of(key)), count(with_kind, about, of=reporting)


def _codes(corpus: Corpus, name: str) -> Counted:
    """Count, for each theme and code, focus groups and passages."""
    yield from count_prevalences(corpus, name)
    whole = corpus.whole
    for code, row in whole.study.codebook.items():
        supporting = corpus.supporting(code)
        about = (name, row["name"])
        groups = whole.groups_of(supporting)
        yield (
            f"segments.{code}",
            quantity(len(supporting), "about", *about, groups=groups, segments=supporting),
        )


def _cells(corpus: Corpus, name: str) -> Counted:
    """Count, for each cell, who answered, the points made, and the themes raised in it."""
    whole = corpus.whole
    for cell in CELLS:
        answers = [segment for segment in corpus.codable if segment.cell == cell]
        answered = {segment.group for segment in answers}
        points = [s for s in corpus.segments if s.cell == cell and s.role != "subpoint"]
        yield (
            f"answered.{cell}",
            count(answered, "answered", name, of=corpus.groups, segments=names_of(answers)),
        )
        groups = {segment.group for segment in points}
        reported = quantity(len(points), "Points", name, groups=groups, segments=names_of(points))
        yield f"points.{cell}", reported
        for theme in whole.study.codebook:
            supporting = corpus.supporting(theme, cell)
            about = ("raised", name, whole.study.codebook[theme]["name"])
            reported = count(whole.groups_of(supporting), *about, of=answered, segments=supporting)
            yield f"cell.{cell}.{theme}", reported


def _voices(corpus: Corpus, name: str) -> Counted:
    """Count the codes that one focus group alone raised, and the segments without a code."""
    whole = corpus.whole
    raised = {code: corpus.supporting(code) for code in whole.study.codes}
    once = [code for code, supporting in raised.items() if len(whole.groups_of(supporting)) == 1]
    segments = {segment for code in once for segment in raised[code]}
    groups = whole.groups_of(segments)
    yield "once.codes", quantity(len(once), "only one", name, groups=groups, segments=segments)
    bare = _uncoded(corpus)
    groups = whole.groups_of(bare)
    yield "uncoded", quantity(len(bare), "no code", name, groups=groups, segments=bare)


def _uncoded(corpus: Corpus) -> list[str]:
    coded = {segment for segment, _ in corpus.codings}
    return [segment.name for segment in corpus.codable if segment.name not in coded]


def _account(corpus: Corpus, name: str) -> Counted:
    """Count what became of every segment received."""
    uncoded = _uncoded(corpus)
    accounts = {
        "coded": {segment for segment, _ in corpus.codings},
        "uncoded": uncoded,
        "headings": [segment.name for segment in corpus.segments if segment.is_heading],
        "lead_ins": corpus.set_aside_for(LEAD_IN),
        "duplicates": corpus.set_aside_for(DUPLICATE),
        "personal_data": corpus.set_aside_for(PERSONAL_DATA),
    }
    for kind, segments in accounts.items():
        groups = corpus.whole.groups_of(segments)
        reported = quantity(len(segments), name, groups=groups, segments=segments)
        yield f"accounted.{kind}", reported
    received = names_of([*corpus.segments, *corpus.set_aside])
    reported = quantity(len(received), "received", name, groups=corpus.groups, segments=received)
    yield "accounted.received", reported


def _parts(corpus: Corpus, place: str) -> Counted:
    """Count what comes from each region, and from the wider submissions."""
    names = corpus.whole.homes.names
    for home in {corpus.whole.homes.home(group) for group in corpus.groups}:
        groups = {group for group in corpus.groups if corpus.whole.homes.home(group) == home}
        segments = [segment.name for segment in corpus.segments if segment.group in groups]
        about = (names[place], names[home])
        yield f"part.groups.{home}", quantity(len(groups), "Focus groups", *about, groups=groups)
        reported = quantity(len(segments), "Passages", *about, groups=groups, segments=segments)
        yield f"part.segments.{home}", reported


def _regions(corpus: Corpus, place: str) -> Counted:
    """Count who raised a code in each region, and in continent-wide discussions."""
    whole, names = corpus.whole, corpus.whole.homes.names
    home = {group: whole.homes.home(group) for group in corpus.coded_groups}
    regions = sorted(set(home.values()) - {place})
    compared = {"region.wider": (place, "Continent-wide")}
    compared |= {f"region.{region}": (region, names[region]) for region in regions}
    for code, row in whole.study.codebook.items():
        for kind, (wanted, about) in compared.items():
            asked = {group for group in home if home[group] == wanted}
            supporting = {s for s in corpus.supporting(code) if whole.group_of(s) in asked}
            names_reported = ("raised", row["name"], about, names[place])
            reported = count(
                whole.groups_of(supporting), *names_reported, of=asked, segments=supporting
            )
            yield f"{kind}.{code}", reported


def recount_excerpts(
    whole: Whole, place: str, claims: Iterable[Mapping[str, Any]]
) -> dict[str, Number]:
    """Count the excerpts whose words may be shown, their focus groups, and those not quoted."""
    name, start = whole.homes.names[place], f"{place}.excerpts"
    claimed = {claim["id"]: claim for claim in claims}
    corpus = Corpus(whole, whole.homes.counted_in(place))
    with_words = {
        segment.name: segment.group
        for segment in corpus.codable
        if segment.text and whole.study.may_show(segment.group)
    }
    quoted = with_words.keys() & set(claimed.get(start, {}).get("segments", ()))
    groups = whole.groups_of(quoted)
    unheard = set(claimed.get(f"{start}.unheard", {}).get("focus_groups", ()))
    unheard = (unheard & set(with_words.values())) - groups
    return {
        start: quantity(len(quoted), name, groups=groups, segments=quoted),
        f"{start}.groups": count(groups, name, of=corpus.groups, segments=quoted),
        f"{start}.unheard": quantity(len(unheard), name, groups=unheard),
    }
