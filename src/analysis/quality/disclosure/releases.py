"""Earlier releases: the numbers of people that they showed, of which focus groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from analysis.quality.disclosure.people import GROUP, Number, group_by_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.quality.disclosure.people import GroupOfPeople

Releases: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True)
class PublishedRelease:
    """What a release told of people.

    Parameters
    ----------
    shown : mapping of Number to int
        The numbers that it showed.
    withheld : frozenset of Number
        Those that it withheld.
    groups : mapping of str to GroupOfPeople
        The focus groups that it counted. Of the people of each kind it told only that there were
        some: their number is 0 here.
    """

    shown: Mapping[Number, int]
    withheld: frozenset[Number]
    groups: Mapping[str, GroupOfPeople]

    def counted(self, group: GroupOfPeople) -> bool:
        """Return whether it counted a focus group, where it counts now and with its kinds."""
        then = self.groups.get(group.focus_group)
        return then is not None and _standing(then) == _standing(group)


def _standing(group: GroupOfPeople) -> tuple[str, str, list[str]]:
    return group.home, group.continent, sorted(group.kinds)


def releases_with(group: GroupOfPeople, earlier: Sequence[PublishedRelease]) -> Releases:
    """Return the earlier releases that counted a focus group, by their places among all."""
    return tuple(at for at, release in enumerate(earlier) if release.counted(group))


def still_withheld(
    groups: Sequence[GroupOfPeople], smallest: int, earlier: Iterable[PublishedRelease]
) -> set[Number]:
    """Return the numbers of people that earlier releases forbid to show.

    A number that was withheld stays so while it sums up the same focus groups. When one of them has
    left the study, all that was withheld while it was counted stays so: it protects those who left
    too, whose own numbers are no longer known here. Its kinds are then withheld wherever it was
    counted, as what they were before, less what they are now, would tell how many it had.

    Parameters
    ----------
    groups : sequence of GroupOfPeople
        All focus groups that are counted now.
    smallest : int
        The smallest number of people that is shown.
    earlier : iterable of PublishedRelease
        What earlier releases showed.
    """
    now = group_by_number(groups)
    kept: set[Number] = set()
    for release in earlier:
        counted = {group.focus_group for group in groups if release.counted(group)}
        left = [group for name, group in release.groups.items() if name not in counted]
        then = group_by_number(release.groups.values())
        kept |= {
            number
            for number in release.withheld & now.keys()
            if left or _names(then[number]) == _names(now[number])
        }
        for group in left:
            kept |= _told_by_leaving(release, group, smallest) & now.keys()
    return kept


def _names(groups: Iterable[GroupOfPeople]) -> list[str]:
    return [group.focus_group for group in groups]


def _told_by_leaving(release: PublishedRelease, group: GroupOfPeople, smallest: int) -> set[Number]:
    """Return the numbers that would tell how many people of a kind a focus group had that left."""
    own = Number(GROUP, group.focus_group)
    is_plain = len(group.kinds) == 1 and release.shown.get(own, 0) >= smallest
    by_kind = {number for number in group.numbers if number.kind and not is_plain}
    return by_kind if own in release.shown else {*by_kind, *group.totals}
