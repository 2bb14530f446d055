"""Heat tables: counts of focus groups by topic, shaded by their share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import to_translate
from analysis.synthesis.markup import element, join, scrollable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from analysis.synthesis.claims import Claim
    from analysis.synthesis.markup import Content

# Below so many focus groups a shade would look like more than it is.
SHADED_FROM = 5
SHADES = 5
HOW_TO_READ = to_translate(
    "Each number counts focus groups, of those that answered; a darker shade is a larger share of "
    "them. Columns of fewer than five groups are not shaded."
)


class Column(NamedTuple):
    """A column: its heading, and what is below the heading."""

    head: Content
    size: Content


class HeatRow(NamedTuple):
    """A row: its header, its counts in the order of the columns, and whether it is a theme."""

    header: Content
    claims: Sequence[Claim | None]
    is_theme: bool


def shade_of(claim: Claim) -> int:
    """Return how dark the cell of a count is, from 0 to `SHADES`.

    The darkest is more than four fifths of the focus groups that answered, the next more than three
    fifths, and so on; 0 is none, or too few to shade.
    """
    of, counted = claim.denominator or 0, claim.numerator or 0
    if of < SHADED_FROM:
        return 0
    return -(-counted * SHADES // of)


def heat_table(
    identifier: str, title: str, columns: Sequence[Column], rows: Sequence[HeatRow]
) -> Markup:
    """Return counts of focus groups by topic, shaded by their share; the first column is topics."""
    caption_id = f"table-{identifier}"
    heads = [
        element("th", head, *([" ", element("small", size)] if size else []), scope="col")
        for head, size in columns
    ]
    whole = element(
        "table",
        element("caption", title, id=caption_id),
        element("thead", element("tr", *heads)),
        element("tbody", *map(_row, rows)),
        class_="heat",
    )
    return scrollable(whole, caption_id, "table heat-table")


def _row(row: HeatRow) -> Markup:
    cells = [_cell(claim) for claim in row.claims]
    header = element("th", row.header, scope="row")
    return element("tr", header, join(cells), class_="theme" if row.is_theme else "code")


def _cell(claim: Claim | None) -> Markup:
    if claim is None:
        return element("td")
    shade = shade_of(claim)
    return element("td", claim.short, **({"class_": f"shade-{shade}"} if shade else {}))
