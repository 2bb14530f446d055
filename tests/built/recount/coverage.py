"""The claims of the report on coverage and agreement, counted anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from built.recount.coefficients import ac1, alpha, different, masi
from built.recount.corpus import Corpus
from built.recount.number import count, quantity
from built.recount.study import CELLS
from built.recount.synthesis import groups_by_kind, total_of_people

if TYPE_CHECKING:
    from built.recount.corpus import Whole
    from built.recount.number import Counted, Number


def recount_coverage(whole: Whole) -> dict[str, Number]:
    """Return every number that the report on a whole study may claim, by the claim's id."""
    groups = [group for group in whole.study.focus_groups if whole.study.may_count(group)]
    everyone = Corpus(whole, groups)
    comparison = _Comparison(everyone)
    found = [
        *_heard(everyone),
        *_left_out(whole),
        *_coders(everyone),
        *comparison.overall(),
        *comparison.by_code(),
    ]
    return {f"study.{rest}": number for rest, number in found}


def _heard(everyone: Corpus) -> Counted:
    """Count, for each home and in all, who was heard and who answered each cell."""
    whole = everyone.whole
    homes = {home: [] for home in map(whole.homes.home, everyone.groups)}
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
        told = quantity(len(segments), about, groups=groups, segments=segments)
        yield f"heard.segments.{home}", told
        for cell in CELLS:
            answers = [segment for segment in here.codable if segment.cell == cell]
            answered = {segment.group for segment in answers}
            names = [segment.name for segment in answers]
            told = count(answered, "answered", cell, about, of=groups, segments=names)
            yield f"answered.{home}.{cell}", told


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
        put = [segment for segment, _, by in whole.cleaned.applied if by == coder]
        groups = whole.groups_of(put)
        yield f"coder.groups.{coder}", count(groups, coder, of=everyone.groups)
        told = quantity(len(put), coder, groups=groups, segments=put)
        yield f"coder.applications.{coder}", told


class _Comparison:
    """The segments of focus groups that at least two coders coded, as each coder coded them."""

    def __init__(self, everyone: Corpus) -> None:
        self._whole = everyone.whole
        coders_of = self._whole.coders_of
        self._compared = {
            segment.name: sorted(coders_of[segment.group])
            for segment in everyone.codable
            if len(coders_of[segment.group]) > 1
        }

    def _put(self, segment: str, code: str) -> list[bool]:
        """Return who of its coders put a code on a segment."""
        put_by = self._whole.put_by.get((segment, code), set())
        return [coder in put_by for coder in self._compared[segment]]

    def overall(self) -> Counted:
        """Return the agreement over all codes: pair by pair of segment and code, and set by set."""
        codes = self._whole.study.codes
        pairs = [self._put(segment, code) for segment in self._compared for code in codes]
        sets = [
            [
                frozenset(c for c in codes if coder in self._whole.put_by.get((segment, c), ()))
                for coder in coders
            ]
            for segment, coders in self._compared.items()
        ]
        bearing = {
            "groups": self._whole.groups_of(self._compared),
            "segments": list(self._compared),
        }
        yield "agreement.compared", quantity(len(self._compared), "at least two coders", **bearing)
        yield "agreement.set_alpha", quantity(alpha(sets, masi), "alpha", "MASI", **bearing)
        yield "agreement.alpha", quantity(alpha(pairs, different), "alpha", **bearing)
        yield "agreement.ac1", quantity(ac1(pairs, [False, True]), "AC₁", **bearing)

    def by_code(self) -> Counted:
        """Return the agreement on each code: put on a segment, or not."""
        for code in self._whole.study.codes:
            name = self._whole.study.codebook[code]["name"]
            put = {segment: self._put(segment, code) for segment in self._compared}
            several = [segment for segment, by in put.items() if sum(by) > 1]
            single = [segment for segment, by in put.items() if sum(by) == 1]
            bearing = {"groups": self._whole.groups_of(several), "segments": several}
            told = quantity(len(several), "at least two", name, **bearing)
            yield f"put_by_several.{code}", told
            bearing = {"groups": self._whole.groups_of(single), "segments": single}
            yield f"put_by_one.{code}", quantity(len(single), "only one", name, **bearing)
            either = [*several, *single]
            bearing = {"groups": self._whole.groups_of(either), "segments": either}
            units = list(put.values())
            yield f"alpha.{code}", quantity(alpha(units, different), "alpha", name, **bearing)
            yield f"ac1.{code}", quantity(ac1(units, [False, True]), "AC₁", name, **bearing)
