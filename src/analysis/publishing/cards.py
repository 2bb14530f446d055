"""Cards: a report in short on an index, with its map, its size and one finding.

The words are those of the report's own page: its elements marked `data-card`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from analysis.study.language import ENGLISH, current_language, translate
from analysis.study.places import folder_of_places
from analysis.study.tiles import read_tiles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from analysis.study.opened_study import OpenedStudy

SIZE, QUESTION, FINDING, KEY = "size", "question", "finding", "key"
# From one tile to the next.
PITCH = 10
SQUARE = "h8v8h-8z"

_MARKED = re.compile(
    r'<(?P<tag>[a-z]+[1-6]?)\b[^>]* data-card="(?P<kind>[a-z]+)"[^>]*>(?P<words>.*?)</(?P=tag)>',
    re.DOTALL,
)
_LINK = re.compile(r' href="(?!#|[a-z]+:)')


def make_card(
    html: str, claims: Iterable[Mapping[str, Any]], opened: OpenedStudy, place: str
) -> str:
    """Return the inside of the card of a report on a place.

    Returns
    -------
    str
        A map of its countries where there is one, how many focus groups met, and its first finding,
        or else what is most raised under its first question, or of one discussion its key
        recommendation.
    """
    marked: dict[str, str] = {}
    for found in _MARKED.finditer(html):
        marked.setdefault(found["kind"], found["words"])
    name = marked.get(QUESTION, "")
    if FINDING not in marked and KEY in marked:
        name, marked[FINDING] = escape(translate("Key recommendation")), marked[KEY]
    if name:
        marked[FINDING] = f'<span class="kicker">{name}</span> {marked[FINDING]}'
    lines = [f'<p class="{kind}">{marked[kind]}</p>' for kind in (SIZE, FINDING) if kind in marked]
    start = f"{place}.country."
    # Ids of claims are in lower case.
    heard = {c["id"].removeprefix(start).upper() for c in claims if c["id"].startswith(start)}
    card = "".join([draw_tiles(opened, place, heard), *lines])
    language = current_language()
    # An index of studies in several languages is in English.
    return card if language == ENGLISH else f'<div lang="{language}">{card}</div>'


def draw_tiles(opened: OpenedStudy, place: str, heard: Collection[str]) -> str:
    """Return a small map of the countries of a place: filled where a focus group met.

    Parameters
    ----------
    place : str
        A region or a continent; without a map in `tiles.csv` there is none.
    heard : collection of str
        The countries in which a focus group met.
    """
    tiles = read_tiles(folder_of_places(opened.folder), opened.places).get(place, {})
    if not tiles or not heard:
        return ""
    width = PITCH * max(column for column, _ in tiles.values())
    height = PITCH * max(row for _, row in tiles.values())
    paths = {
        kind: "".join(
            f"M{PITCH * column - 9} {PITCH * row - 9}{SQUARE}"
            for country, (column, row) in sorted(tiles.items())
            if (country in heard) == (kind == "heard")
        )
        for kind in ("heard", "silent")
    }
    names = ", ".join(sorted(map(opened.places.name, heard)))
    about = escape(translate("Focus groups met in: {countries}", countries=names))
    return (
        f'<svg class="tiles" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{about}">'
        + "".join(f'<path class="{kind}" d="{path}"/>' for kind, path in paths.items() if path)
        + "</svg>"
    )


def link_from(folder: str, card: str) -> Markup:
    """Return a card whose links lead into a folder.

    Examples
    --------
    >>> link_from("demo/", '<a href="esa.html#findings">ESA</a>')
    Markup('<a href="demo/esa.html#findings">ESA</a>')
    """
    return Markup(_LINK.sub(f' href="{escape(folder)}', card))  # noqa: S704 (of a page checked)
