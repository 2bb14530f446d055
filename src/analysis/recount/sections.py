"""The claims of the sections of a report, recounted: questions, requests, findings, regions."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from analysis.recount.number import count, quantity
from analysis.recount.prevalence import QUESTIONS, answers_to, supporting_in
from analysis.recount.study import CELLS, key_of, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.recount.cleaned import Segment
    from analysis.recount.corpus import Corpus
    from analysis.recount.number import Counted
    from analysis.recount.study import Row

VERBS = tuple(f"recommendations.{verb}" for verb in ("continue", "stop", "start"))
PATTERNS = "emerging.patterns"
LISTED = 60


def recount_sections(corpus: Corpus, place: str) -> Counted:
    """Return every number that the sections of a report on a place may claim."""
    name = corpus.whole.homes.names[place]
    yield from _questions(corpus, name)
    yield from _coders(corpus, name)
    yield from _requests(corpus, name)
    yield from _heard(corpus, place, name)
    yield from _rare(corpus, name)
    yield from _findings(corpus, place, name)
    if corpus.whole.homes.scope(place) == "continent":
        yield from _regions(corpus, place, name)


def names_of(segments: Iterable[Segment]) -> list[str]:
    """Return the ids of segments."""
    return [segment.name for segment in segments]


def _questions(corpus: Corpus, name: str) -> Counted:
    """Count who answered each question in any domain, and who raised each topic there."""
    whole = corpus.whole
    for question in QUESTIONS:
        answers = answers_to(corpus, question)
        asked = {segment.group for segment in answers}
        reported = count(asked, "answered", name, of=corpus.groups, segments=names_of(answers))
        yield f"asked.{question}", reported
        reported = quantity(
            len(answers), "Passages", name, groups=asked, segments=names_of(answers)
        )
        yield f"asked.segments.{question}", reported
        most: dict[int, list[set[str]]] = defaultdict(list)
        for code, row in whole.study.codebook.items():
            supporting = supporting_in(corpus, code, question)
            groups = whole.groups_of(supporting)
            if row["parent"]:
                most[len(groups)].append(supporting)
        tied = most[max(most)]
        segments = {segment for supporting in tied for segment in supporting}
        groups = whole.groups_of(segments)
        reported = quantity(len(tied), "most raised", name, groups=groups, segments=segments)
        yield f"ties.{question}", reported


def _coders(corpus: Corpus, name: str) -> Counted:
    """Count who was coded, by several coders, and what depends on that."""
    whole = corpus.whole
    coded = corpus.coded_groups
    yield "coded", count(coded, name, of=corpus.groups)
    segments = [segment.name for segment in corpus.segments if segment.group in coded]
    yield "columns.passages", quantity(len(segments), name, groups=coded, segments=segments)
    twice = {segment for segment, _ in corpus.codings if len(whole.coders_at[segment]) > 1}
    yield (
        "sensitivity.passages",
        quantity(len(twice), name, groups=whole.groups_of(twice), segments=twice),
    )
    groups = whole.groups_of(twice)
    reported = count(groups, name, of=corpus.coded_groups, segments=twice)
    yield "sensitivity.groups", reported
    sure = {
        (segment, code)
        for segment, code in corpus.codings
        if whole.put_by[segment, code] >= whole.coders_at[segment]
    }
    moved = 0
    for code in whole.study.codes:
        row = whole.study.codebook[code]
        kept = {segment for segment, put in sure if put == code}
        groups = whole.groups_of(kept)
        moved += groups != whole.groups_of(corpus.supporting(code))
        reported = quantity(len(groups), "raised", row["name"], name, groups=groups, segments=kept)
        yield f"sensitivity.{code}", reported
    yield "sensitivity.codes", quantity(moved, name)


def _label(segment: Segment) -> str:
    return " ".join(re.findall(r"\w+", segment.label.casefold()))


def _requests(corpus: Corpus, name: str) -> Counted:
    """Count the points of recommendations by their labels."""
    withheld = []
    for cell in (*VERBS, PATTERNS):
        points = [s for s in corpus.segments if s.cell == cell and s.role != "subpoint"]
        points = sorted(points, key=lambda s: s.group)
        shown = [s for s in points if corpus.whole.study.may_show(s.group)]
        withheld += [s for s in points if s not in shown] if cell in VERBS else []
        together: dict[str, list[Segment]] = defaultdict(list)
        for segment in shown:
            together[_label(segment) or segment.name].append(segment)
        groups = {segment.group for segment in shown}
        reported = quantity(len(together), name, groups=groups, segments=names_of(shown))
        yield f"requests.{cell}", reported
        everyone = {segment.group for segment in points}
        more = len(together) - LISTED
        reported = quantity(more, name, groups=everyone, segments=names_of(points))
        yield f"requests.{cell}.more", reported
        yield from _repeated(cell, name, [together[label] for label in sorted(together)])
    groups = {segment.group for segment in withheld}
    reported = quantity(len(withheld), name, groups=groups, segments=names_of(withheld))
    yield "requests.withheld", reported


def _repeated(cell: str, name: str, together: list[list[Segment]]) -> Counted:
    """Count the groups of labels that several gave: most groups first, then by label."""
    sizes = [len({segment.group for segment in same}) for same in together]
    order = sorted(range(len(together)), key=lambda at: -sizes[at])
    for number, at in enumerate([at for at in order if sizes[at] > 1], start=1):
        groups = {segment.group for segment in together[at]}
        reported = quantity(len(groups), name, groups=groups, segments=names_of(together[at]))
        yield f"repeated.{cell}.{number}", reported


def _heard(corpus: Corpus, place: str, name: str) -> Counted:
    """Count countries, and focus groups by country and by month."""
    whole = corpus.whole
    countries = {row["country"]: row for row in whole.study.countries}
    met: dict[str, set[str]] = defaultdict(set)
    months: dict[str, set[str]] = defaultdict(set)
    wider: set[str] = set()
    for group in corpus.groups:
        row = whole.study.focus_groups[group]
        months[row["held_on"][:7]].add(group)
        there = [at for at in split(row["places"]) if at in countries]
        wider |= set() if there else {group}
        for country in there:
            met[country].add(group)
    inside = [row for row in countries.values() if place in (row["region"], row["continent"])]
    everyone = {group for groups in met.values() for group in groups}
    yield "countries", quantity(len(met), name, groups=everyone)
    yield "countries.all", quantity(len(inside), name)
    yield "countries.wider", quantity(len(wider), name, groups=wider)
    for country, groups in met.items():
        reported = quantity(len(groups), name, countries[country]["name"], groups=groups)
        yield f"country.{country.lower()}", reported
    for month, groups in months.items():
        when = date.fromisoformat(f"{month}-01").strftime("%B %Y")
        yield f"month.{month}", quantity(len(groups), name, when, groups=groups)


def _rare(corpus: Corpus, name: str) -> Counted:
    """Count topics raised by one group alone under a question, and those that are also hope."""
    whole = corpus.whole
    pairs = 0
    segments: set[str] = set()
    for code in whole.study.codes:
        row = whole.study.codebook[code]
        common = len(whole.groups_of(corpus.supporting(code))) >= 3
        for question in QUESTIONS:
            here = supporting_in(corpus, code, question)
            shown = {s for s in here if whole.study.may_show(whole.group_of(s))}
            if common and len(whole.groups_of(here)) == 1 and shown:
                pairs, segments = pairs + 1, segments | shown
        worried, hopeful = (supporting_in(corpus, code, each) for each in ("concerns", "hope"))
        both = whole.groups_of(worried) & whole.groups_of(hopeful)
        theirs = {s for s in worried | hopeful if whole.group_of(s) in both}
        reported = quantity(len(both), row["name"], name, groups=both, segments=theirs)
        yield f"both.{code}", reported
    yield (
        "once.points",
        quantity(pairs, name, groups=whole.groups_of(segments), segments=segments),
    )


def _counter_voices(corpus: Corpus, place: str, name: str) -> Counted:
    """Count the passages that somebody found against each finding or topic."""
    study = corpus.whole.study
    place_of = {row["id"]: row["place"] for row in study.findings}
    voices: dict[str, set[str]] = defaultdict(set)
    for row in study.added:
        if row["segment"] and place_of.get(row["about"], row["place"]) == place:
            voices[row["about"]] |= {row["segment"]} - {"none"}
    for about, found in voices.items():
        groups = corpus.whole.groups_of(found)
        reported = quantity(len(found), name, about, groups=groups, segments=found)
        yield f"counter_voices.{about}", reported


def _findings(corpus: Corpus, place: str, name: str) -> Counted:
    """Describe what each finding of the place rests on."""
    yield from _counter_voices(corpus, place, name)
    for row in corpus.whole.study.findings:
        if row["place"] == place and row["sentence"].strip():
            yield from _finding(corpus, row, name)


def _finding(corpus: Corpus, row: Row, name: str) -> Counted:
    whole = corpus.whole
    named = set(re.findall(r"@([a-z]+)\}", row["sentence"]))
    homes = {group: whole.homes.home(group) for group in corpus.groups}
    regions = named & set(homes.values())
    about = {group for group, home in homes.items() if not regions or home in regions}
    cells = [c for c in CELLS if row["question"] in ("any", c.rpartition(".")[2])]
    segments = {
        s for code in split(row["codes"]) for c in cells for s in corpus.supporting(code, c)
    }
    segments = {segment for segment in segments if whole.group_of(segment) in about}
    answered = {s.group for s in corpus.codable if s.cell in cells}
    asked = (corpus.coded_groups if row["question"] == "any" else answered) & about
    groups = whole.groups_of(segments)
    start = f"finding.{row['id']}"
    yield f"{start}.groups", count(groups, name, of=asked, segments=segments)
    for kind, value in _sizes_of_finding(corpus, segments).items():
        yield f"{start}.{kind}", quantity(value, name, groups=groups, segments=segments)
    twice = {segment for segment in segments if len(whole.coders_at[segment]) > 1}
    reported = quantity(len(twice), name, groups=whole.groups_of(twice), segments=twice)
    yield f"{start}.coded_twice", reported


def _sizes_of_finding(corpus: Corpus, segments: set[str]) -> dict[str, int | None]:
    """Count the countries, kinds, questions and passages of a finding, and their median length."""
    whole = corpus.whole
    groups = whole.groups_of(segments)
    countries = {each["country"] for each in whole.study.countries}
    met = {at for g in groups for at in split(whole.study.focus_groups[g]["places"])}
    shown = (s for s in segments if whole.study.may_show(whole.group_of(s)))
    lengths = sorted(len(whole.cleaned.kept[s].text.split()) for s in shown)
    return {
        "countries": len(met & countries),
        "kinds": len({key_of(kind) for group in groups for kind in whole.cleaned.kinds(group)}),
        "questions": len({whole.cleaned.received[s].cell.rpartition(".")[2] for s in segments}),
        "passages": len(segments),
        "words": lengths[(len(lengths) - 1) // 2] if lengths else None,
    }


def _regions(corpus: Corpus, place: str, name: str) -> Counted:
    """Count what cards, columns and differences of regions say."""
    whole = corpus.whole
    home = {group: whole.homes.home(group) for group in corpus.groups}
    for region in sorted(set(home.values())):
        theirs = {group for group in home if home[group] == region}
        coded = theirs & corpus.coded_groups
        segments = [s.name for s in corpus.segments if s.group in coded]
        part = "wider" if region == place else region
        yield f"columns.groups.{part}", quantity(len(coded), name, groups=coded)
        reported = quantity(len(segments), name, groups=coded, segments=segments)
        yield f"columns.passages.{part}", reported
        if region != place:
            yield from _card(corpus, region, theirs, name)
    holding, doubtful = _differences(corpus, place)
    yield "differences", quantity(holding, name)
    yield "differences.shown", quantity(min(holding, 8), name)
    yield "differences.doubtful", quantity(doubtful, name)


def _card(corpus: Corpus, region: str, theirs: set[str], name: str) -> Counted:
    whole = corpus.whole
    countries = {each["country"] for each in whole.study.countries}
    met = {at for g in theirs for at in split(whole.study.focus_groups[g]["places"])}
    about = (name, whole.homes.names[region])
    reported = quantity(len(met & countries), *about, groups=theirs)
    yield f"part.countries.{region}", reported
    for question in QUESTIONS:
        asked = {s.group for s in answers_to(corpus, question)} & theirs
        sizes: dict[str, int] = {}
        for code in whole.study.codes:
            row = whole.study.codebook[code]
            supporting = {
                s for s in supporting_in(corpus, code, question) if whole.group_of(s) in theirs
            }
            groups = whole.groups_of(supporting)
            sizes[code] = len(groups)
            reported = count(groups, row["name"], name, of=asked, segments=supporting)
            yield f"region.{region}.{code}.{question}", reported
        tied = [code for code in sizes if sizes[code] == max(sizes.values())]
        yield f"region.{region}.ties.{question}", quantity(len(tied), name)


def _differences(corpus: Corpus, place: str) -> tuple[int, int]:
    """Return how many differences hold with one coder for each focus group, and how many don't."""
    whole = corpus.whole
    regions: dict[str, set[str]] = defaultdict(set)
    for group in corpus.coded_groups:
        regions[whole.homes.home(group)].add(group)
    large = {r: groups for r, groups in regions.items() if r != place and len(groups) >= 5}
    found = {True: 0, False: 0}
    for code in whole.study.codes if len(large) > 1 else ():
        raised = whole.groups_of(corpus.supporting(code))
        shares = {r: Fraction(len(large[r] & raised), len(large[r])) for r in sorted(large)}
        more, less = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
        if shares[more] - shares[less] < Fraction(1, 3):
            continue
        first = {
            group
            for segment, put in corpus.codings
            for group in [whole.group_of(segment)]
            if put == code and whole.first_coder[group] in whole.put_by[segment, put]
        }
        alone = [Fraction(len(large[r] & first), len(large[r])) for r in (more, less)]
        found[alone[0] > alone[1]] += 1
    return found[True], found[False]
