"""The claims of the report on coverage and agreement, recounted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.recount.agreement import recount_agreement
from analysis.recount.codes_by_group import recount_held
from analysis.recount.corpus import Corpus
from analysis.recount.number import count, quantity
from analysis.recount.report import groups_by_kind, total_of_people
from analysis.recount.study import CELLS

if TYPE_CHECKING:
    from analysis.recount.corpus import Whole
    from analysis.recount.number import Counted, Number


def recount_coverage(whole: Whole) -> dict[str, Number]:
    """Return every number that the report on a whole study may claim, by the claim's id."""
    groups = [group for group in whole.study.focus_groups if whole.study.may_count(group)]
    everyone = Corpus(whole, groups)
    found = [
        *_heard(everyone),
        *_left_out(whole),
        *_coders(everyone),
        *_codebook(everyone),
        *recount_held(everyone),
        *recount_agreement(everyone),
    ]
    return {f"study.{rest}": number for rest, number in found}


def _heard(everyone: Corpus) -> Counted:
    """Count, for each home and in all, who was heard and who answered each cell."""
    whole = everyone.whole
    homes: dict[str, list[str]] = {home: [] for home in map(whole.homes.home, everyone.groups)}
    for group in everyone.groups:
        homes[whole.homes.home(group)].append(group)
    for home, groups in {**homes, "all": list(everyone.groups)}.items():
        here = Corpus(whole, groups)
        segments = [segment.name for segment in here.codable]
        about = "in all" if home == "all" else whole.homes.names[home]
        countries = len(whole.homes.countries_of(groups))
        yield f"heard.focus_groups.{home}", quantity(len(groups), about, groups=groups)
        yield f"heard.countries.{home}", quantity(countries, about, groups=groups)
        yield from total_of_people(whole.study, f"heard.participants.{home}", groups, about)
        kinds = [kind for group in everyone.groups for kind in whole.cleaned.kinds(group)]
        yield from groups_by_kind(whole, f"heard.kinds.{{}}.{home}", groups, about, kinds)
        reported = quantity(len(segments), about, groups=groups, segments=segments)
        yield f"heard.segments.{home}", reported
        for cell in CELLS:
            answers = [segment for segment in here.codable if segment.cell == cell]
            answered = {segment.group for segment in answers}
            names = [segment.name for segment in answers]
            reported = count(answered, "answered", cell, about, of=groups, segments=names)
            yield f"answered.{home}.{cell}", reported


def _left_out(whole: Whole) -> Counted:
    """Count who is in no other number; nobody of them is named."""
    marked = {name for name, row in whole.study.focus_groups.items() if row["withdrawn"]}
    silent = [name for name in whole.study.focus_groups if not whole.study.may_count(name)]
    yield "withdrawn", quantity(len(marked | whole.study.withdrawn), "withdrawn")
    yield "without_consent", quantity(len(set(silent) - marked), "without consent")


def _coders(everyone: Corpus) -> Counted:
    """Count what each coder coded."""
    whole = everyone.whole
    for coder in whole.study.coders:
        applied = [(on, code) for on, code, by in whole.cleaned.applied if by == coder]
        put = [on for on, code in applied if code in whole.study.codebook]
        groups = whole.groups_of(put)
        yield f"coder.groups.{coder}", count(groups, coder, of=everyone.groups)
        reported = quantity(len(put), coder, groups=groups, segments=put)
        yield f"coder.applications.{coder}", reported


def _codebook(everyone: Corpus) -> Counted:
    """Count the uses of each theme and code, and on how many passages all coders agree on it."""
    whole = everyone.whole
    for code, row in whole.study.codebook.items():
        name, used = row["name"], everyone.supporting(code)
        groups = whole.groups_of(used)
        reported = count(groups, name, of=everyone.coded_groups, segments=used)
        yield f"codebook.groups.{code}", reported
        reported = quantity(len(used), name, groups=groups, segments=used)
        yield f"codebook.passages.{code}", reported
        twice = {segment for segment in used if len(whole.coders_at[segment]) > 1}
        agreed = {s for s in twice if whole.put_by.get((s, code)) == whole.coders_at[s]}
        for kind, found in (("twice", twice), ("agreed", agreed)):
            reported = quantity(len(found), name, groups=whole.groups_of(found), segments=found)
            yield f"codebook.{kind}.{code}", reported
        reported = count(whole.groups_of(twice), name, of=groups, segments=twice)
        yield f"codebook.twice_in.{code}", reported
