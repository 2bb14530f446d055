"""Who took part in a focus group, out of how hosts write it: how many of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.intake.written_places import NamedPlaces

MOST = 10_000
_COUNTED = re.compile(r"(?<![\w.])(\d{1,5})\s+(?:x\s+)?([^\d;\n]+)")
_FROM = re.compile(r"^(?:from|of|de|des|du|da|do|das|dos|del)\s+", re.IGNORECASE)
_PLACE = re.compile(
    r"\s*(?:,|\(|\bfrom\b|\bin\b|\bde\b|\bdu\b|\bdes\b|\bda\b|\bdo\b|\bdel\b)\s*([^,()]+)\)?\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"[\s,;:.]*\b(?:and|et|e|y)?[\s,;:.]*$", re.IGNORECASE)
_NAME = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr|Mme|M|Sr|Sra)\.?\s+)?[A-Z\u00c0-\u00de][\w'\u2019-]+(?:\s+[A-Z\u00c0-\u00de][\w'\u2019.-]*){1,3}"
)
_ORGANISED = re.compile(
    r"network|alliance|organi[sz]a|association|clinic|union|ministry|centre|center|unaids|"
    r"r\u00e9seau|rede|red\b|asocia|associa|r\u00e9seau|onusida|collectif|coletivo|colectivo|group",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WrittenParticipants:
    """Participants as they were understood.

    Parameters
    ----------
    told : str
        ``COUNT KIND (PLACE)``, several kinds joined by ``;``; empty where nobody was counted.
    count : int
        How many.
    places : tuple of str
        The places that they came from, as far as told.
    names : int
        How many parts look like names of persons; none of them is told.
    """

    told: str
    count: int
    places: tuple[str, ...]
    names: int


def read_participants(text: str, named: NamedPlaces) -> WrittenParticipants:
    """Return the participants that a text tells of.

    Parameters
    ----------
    text : str
        What a submission says of its participants.
    named : NamedPlaces
        Finds places.

    Examples
    --------
    ``"15 members of networks from ESA, 5 from UNHCR"`` are 20 of two kinds, written
    ``15 members of networks (esa); 5 UNHCR``.
    """
    names = _count_names(text)
    if names:
        return WrittenParticipants("", 0, (), names)
    kinds = [_kind_of(int(count), kind, named) for count, kind in _COUNTED.findall(text)]
    kinds = [kind for kind in kinds if kind[1] and 0 < kind[0] <= MOST]
    return WrittenParticipants(
        told="; ".join(
            f"{n} {kind}" + (f" ({place})" if place else "") for n, kind, place in kinds
        ),
        count=sum(count for count, _, _ in kinds),
        places=tuple(dict.fromkeys(place for _, _, place in kinds if place)),
        names=0,
    )


def _kind_of(count: int, text: str, named: NamedPlaces) -> tuple[int, str, str]:
    kind = _FROM.sub("", _AND.sub("", text.strip()).strip())
    match = _PLACE.search(kind)
    found = named.find(match[1]) if match else ()
    if match and len(found) == 1 and kind[: match.start()].strip():
        return count, _plain(kind[: match.start()]), found[0]
    return count, _plain(kind), ""


def _plain(kind: str) -> str:
    """Return a kind without the characters that a cell of several kinds is written with."""
    return " ".join(re.sub(r"[();]", " ", kind).split()).strip(" ,.:")


def _count_names(text: str) -> int:
    """Return how many parts of a list look like names of persons, if at least half of it does."""
    parts = [part.strip(" .-\u2022") for part in re.split(r"[,;\n]|\band\b", text) if part.strip()]
    names = [part for part in parts if _NAME.fullmatch(part) and not _ORGANISED.search(part)]
    return len(names) if len(names) >= 2 and 2 * len(names) >= len(parts) else 0
