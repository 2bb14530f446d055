"""Figures: small SVG drawings, each with a title that states what it shows and a text alternative.

matplotlib lays them out. What it writes is then freed of inline styles, so that a strict
Content-Security-Policy holds, and complete in itself, so that a drawing looks the same in a page
and in JupyterLab. Its text takes the colour of the text around it; its marks have colours that can
be told from light and from dark paper.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from analysis.study.dates import short_month
from analysis.study.language import write_number
from analysis.synthesis.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from analysis.synthesis.markup import Content

# As wide as the text of a page on a screen of 360 px, so that text of this size is read there.
WIDTH = 320
TEXT_SIZE = 12.5
ROW = 30
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
FONTS = "system-ui, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
# Each colour of a mark has a contrast of 3:1 with white and with black paper.
ROLES = {
    "text": ("currentColor", ""),
    "axis": ("currentColor", "0.75"),
    "grid": ("currentColor", "0.25"),
    "on-mark": ("#ffffff", ""),
    "band": ("#7d8386", "0.35"),
    "series-1": ("#26797b", ""),
    "series-2": ("#b85c12", ""),
    "series-3": ("#7668cc", ""),
    "series-4": ("#7d8386", ""),
    "series-5": ("#9a6d18", ""),
}
SERIES = tuple(role for role in ROLES if role.startswith("series"))
MARKERS = ("o", "s", "^", "D", "v")
MOST_COLUMNS = 9

_COLOURS = {f"#0000{number:02x}": role for number, role in enumerate(ROLES, start=1)}
_KEPT = ("stroke-width", "stroke-dasharray", "stroke-linecap", "text-anchor", "font-weight")
_DECIMALS = re.compile(r"\d+\.\d{2,}")
_FONT = re.compile(r"(?P<bold>(?:bold|700) )?(?P<size>[\d.]+)px ")


def colour(role: str) -> str:
    """Return the colour that marks a role until the drawing gets the real one.

    Parameters
    ----------
    role : str
        One of ``ROLES``.
    """
    return next(code for code, name in _COLOURS.items() if name == role)


def draw(
    identifier: str, title: Content, alternative: str, *, rows: float, paint: Callable[[Axes], None]
) -> Markup:
    """Return a figure drawn on one pair of axes.

    Parameters
    ----------
    identifier : str
        Starts the ids inside the drawing; unique on the page.
    title : str or Markup
        The caption, which states what the figure shows.
    alternative : str
        What the figure shows, in words, from the same numbers.
    rows : float
        How many rows it has; sets its height.
    paint : callable
        Paints on the axes, with colours from ``colour``.

    Returns
    -------
    Markup
        A ``<figure>`` with a caption and an inline ``<svg>`` that needs no style sheet.
    """
    with mpl.rc_context():
        # Settings of the user's own would change the bytes.
        mpl.rcdefaults()
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = identifier
        mpl.rcParams["font.size"] = TEXT_SIZE
        mpl.rcParams["text.parse_math"] = False
        # A unit of the drawing is a point of matplotlib: 72 to an inch.
        figure = Figure(figsize=(WIDTH / 72, ROW * rows / 72))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        paint(axes)
        written = io.StringIO()
        figure.savefig(
            written, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    svg = _complete(written.getvalue(), identifier.replace(".", "-"), alternative)
    return element("figure", element("figcaption", title), svg, class_="chart")


def _complete(written: str, identifier: str, alternative: str) -> Markup:
    """Return what matplotlib wrote without styles, complete in itself."""
    root = ET.fromstring(_DECIMALS.sub(_round, written))  # noqa: S314 (matplotlib wrote it)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}{name}" for name in ("metadata", "style", "clipPath")}:
                parent.remove(child)
    _unwrap(root)
    for node in root.iter():
        _style_node(node)
        _scope_ids(node, identifier)
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "role": "img",
            "aria-label": alternative,
            "stroke-linejoin": "round",
            "font-family": FONTS,
            "font-size": f"{TEXT_SIZE}",
        }
    )
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    text = ET.tostring(root, encoding="unicode")
    return Markup(re.sub(r">\s+<", "><", text))  # noqa: S704 (built from escaped text)


def _round(number: re.Match[str]) -> str:
    """Return a number of the drawing to a tenth of a unit, which nobody sees."""
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _unwrap(node: ET.Element) -> None:
    """Replace groups that set nothing by what they hold."""
    for child in node:
        _unwrap(child)
    kept: list[ET.Element] = []
    for child in node:
        is_bare = child.tag == f"{{{SVG}}}g" and not set(child.attrib) - {"id"}
        kept += [*child] if is_bare else [child]
    node[:] = kept


def _style_node(node: ET.Element) -> None:
    """Replace the style of a node by presentation attributes, and roles by their colours."""
    style = dict(
        part.strip().split(": ", 1)
        for part in node.attrib.pop("style", "").split(";")
        if part.strip()
    )
    for name in ("fill", "stroke"):
        value = style.get(name, node.attrib.get(name, ""))
        paint, opacity = ROLES.get(_COLOURS.get(value, ""), (value, ""))
        if paint:
            node.set(name, paint)
        if opacity:
            node.set(f"{name}-opacity", opacity)
    for name in _KEPT:
        if name in style:
            node.set(name, style[name])
    font = _FONT.match(style.get("font", ""))
    if font and font["bold"]:
        node.set("font-weight", "bold")
    if node.tag == f"{{{SVG}}}text" and "fill" not in node.attrib:
        node.set("fill", "currentColor")


def _scope_ids(node: ET.Element, identifier: str) -> None:
    """Keep ids that are referred to apart from those of other figures; drop the rest."""
    if "id" in node.attrib:
        if node.tag == f"{{{SVG}}}path":
            node.set("id", f"{identifier}-{node.attrib['id']}")
        else:
            del node.attrib["id"]
    link = node.attrib.pop(f"{{{XLINK}}}href", "")
    if link:
        node.set("href", f"#{identifier}-{link.removeprefix('#')}")
    # Nothing is drawn beyond the edges.
    node.attrib.pop("clip-path", None)


def _measure(axes: Axes, height: float) -> None:
    """Count on axes in the drawing's own units, from the left and from the top."""
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)


@dataclass(frozen=True)
class Diverging:
    """One row of diverging bars, in numbers of focus groups.

    Parameters
    ----------
    label : str
        What the row is about.
    left, right : int
        The lengths of the bars.
    mark : int
        The number next to a mark of its own, at the right edge.
    """

    label: str
    left: int
    right: int
    mark: int


def paint_diverging(
    rows: Sequence[Diverging], ends: Sequence[tuple[str, str]], most: int
) -> Callable[[Axes], None]:
    """Return what paints two bars a row, to the left and to the right of one line.

    Parameters
    ----------
    rows : sequence of Diverging
        The rows, top row first; their label is above their bars.
    ends : sequence of (str, str)
        What the left bars, the right bars and the marks are, and of how many they are.
    most : int
        The number at which a bar is as long as it can be.
    """
    middle, longest, top, step = WIDTH / 2, WIDTH / 2 - 46, 44, 38
    unit = longest / max(most, 1)

    def paint(axes: Axes) -> None:
        _measure(axes, top + step * len(rows))
        left, right, mark = ends
        sides = ((middle - 8, "right", left), (middle + 8, "left", right), (WIDTH, "right", mark))
        for x, side, (name, of) in sides:
            axes.text(x, 10, name, ha=side, va="center", weight="bold", color=colour("text"))
            axes.text(x, 25, of, ha=side, va="center", color=colour("axis"))
        for at, row in enumerate(rows):
            y = top + step * at
            axes.text(middle, y + 8, row.label, ha="center", va="center", color=colour("text"))
            axes.plot([middle] * 2, [y + 15, y + 33], color=colour("axis"), lw=0.8)
            for way, count, role in ((-1, row.left, "series-2"), (1, row.right, "series-1")):
                long = unit * count
                start = middle - long if way < 0 else middle
                axes.add_patch(_box((start, y + 18), long, 12, colour(role), 0.0))
                end, near = middle + way * (long + 5), "right" if way < 0 else "left"
                axes.text(
                    end, y + 24.5, write_number(count), ha=near, va="center", color=colour("text")
                )
            axes.scatter([WIDTH - 24], [y + 24], marker="D", s=20, color=colour("series-4"))
            of_mark: dict[str, Any] = {"ha": "right", "va": "center", "color": colour("text")}
            axes.text(WIDTH, y + 24.5, write_number(row.mark), **of_mark)

    return paint


def height_of_diverging(rows: int) -> float:
    """Return how many rows of the drawing so many rows of diverging bars take."""
    return (44 + 38 * rows) / ROW


def _box(at: tuple[float, float], width: float, height: float, fill: str, round_: float) -> Patch:
    style = f"round,pad=0,rounding_size={round_}" if round_ else "square,pad=0"
    return FancyBboxPatch(at, width, height, boxstyle=style, facecolor=fill, edgecolor="none")


def paint_tiles(
    tiles: Mapping[str, tuple[int, int]], counts: Mapping[str, int]
) -> Callable[[Axes], None]:
    """Return what paints one tile a country, with its code and its number.

    Parameters
    ----------
    tiles : mapping of str to (int, int)
        The column and the row of each country, from 1.
    counts : mapping of str to int
        The number in each tile; a country without one is an empty outline.
    """
    size, gap = _tile_size(tiles), 3

    def paint(axes: Axes) -> None:
        _measure(axes, size * max(row for _, row in tiles.values()))
        for country, (column, row) in tiles.items():
            x, y, side = (column - 1) * size + gap / 2, (row - 1) * size + gap / 2, size - gap
            count = counts.get(country, 0)
            box = _box((x, y), side, side, colour("series-1") if count else "none", 3.0)
            if not count:
                box.set(edgecolor=colour("axis"), linewidth=0.7, linestyle=(0, (2, 2)))
            axes.add_patch(box)
            words = colour("on-mark" if count else "axis")
            middle, high = x + side / 2, y + side * (0.31 if count else 0.5)
            axes.text(middle, high, country, color=words, ha="center", va="center")
            if count:
                low, shown = y + side * 0.72, write_number(count)
                axes.text(middle, low, shown, color=words, ha="center", va="center", weight="bold")

    return paint


def _tile_size(tiles: Mapping[str, tuple[int, int]]) -> float:
    columns = max(column for column, _ in tiles.values())
    return WIDTH / max(columns, 7)


def height_of_tiles(tiles: Mapping[str, tuple[int, int]]) -> float:
    """Return how many rows of the drawing a map of tiles takes."""
    return _tile_size(tiles) * max(row for _, row in tiles.values()) / ROW


def paint_dates(days: Sequence[str], months: Sequence[str]) -> Callable[[Axes], None]:
    """Return what paints a dot a day on one line of time, and dots of the same days in stacks.

    Parameters
    ----------
    days : sequence of str
        ``YYYY-MM-DD``, one for each dot.
    months : sequence of str
        The first days of the months that are named below the line, in their order.
    """
    first, last = (date.fromisoformat(months[at]).toordinal() for at in (0, -1))
    spots = stack_dates(days, months)
    high = 10.0 * max((level for _, level in spots), default=1)

    def paint(axes: Axes) -> None:
        _measure(axes, high + 38)
        axes.plot([10, WIDTH - 10], [high + 12] * 2, color=colour("axis"), lw=0.8)
        axes.scatter(
            [at for at, _ in spots],
            [high + 14 - 10 * level for _, level in spots],
            s=38,
            color=colour("series-1"),
        )
        every = -(-len(months) // 6)
        for at, month in enumerate(months):
            day = date.fromisoformat(month)
            x = _across(day, first, last)
            axes.plot([x, x], [high + 12, high + 16], color=colour("axis"), lw=0.8)
            if at % every == 0:
                side = "left" if not at else "right" if at == len(months) - 1 else "center"
                axes.text(
                    {"left": 0, "right": WIDTH, "center": x}[side],
                    high + 28,
                    day.strftime("%m/%Y") if len(months) > 12 else short_month(day),
                    ha=side,
                    va="center",
                    color=colour("axis"),
                )

    return paint


def _across(day: date, first: int, last: int) -> float:
    return 10 + (WIDTH - 20) * (day.toordinal() - first) / max(last - first, 1)


def stack_dates(days: Sequence[str], months: Sequence[str]) -> list[tuple[float, int]]:
    """Return where each dot is on the line, and its level where dots would overlap, from 1."""
    first, last = (date.fromisoformat(months[at]).toordinal() for at in (0, -1))
    spots: list[tuple[float, int]] = []
    for day in sorted(days):
        x = _across(date.fromisoformat(day), first, last)
        taken = {level for at, level in spots if abs(at - x) < 9.5}
        spots.append((x, min(set(range(1, len(days) + 1)) - taken)))
    return spots


def height_of_dates(days: Sequence[str], months: Sequence[str]) -> float:
    """Return how many rows of the drawing a line of dates takes."""
    return (10 * max((level for _, level in stack_dates(days, months)), default=1) + 38) / ROW


def _look_of(number: int) -> tuple[str, str]:
    """Return the colour and the mark of a series, which no other of the first 25 has."""
    turn, at = divmod(number, len(MARKERS))
    return colour(SERIES[at]), MARKERS[(at + turn) % len(MARKERS)]


def paint_dots(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], ends: tuple[str, str, str]
) -> Callable[[Axes], None]:
    """Return what paints a line a row with one mark for each series on it.

    Parameters
    ----------
    labels : sequence of str
        Names of the rows, top row first.
    series : sequence of (str, sequence of float)
        Names with their values, from 0 to 1; each has its own mark, not its colour alone.
    ends : tuple of str
        What the left end, the middle and the right end of the lines mean.
    """
    top = 0.9 + 0.75 * (len(series) - 1)

    def paint(axes: Axes) -> None:
        axes.set_xlim(-0.04, 1.04)
        axes.set_ylim(len(labels) + 0.9, -top)
        for at, end, side in zip((0, 0.5, 1), ends, ("left", "center", "right"), strict=True):
            axes.plot([at, at], [0.1, len(labels) + 0.1], color=colour("grid"), linewidth=0.8)
            axes.text(at, len(labels) + 0.6, end, ha=side, color=colour("axis"))
        for row, label in enumerate(labels):
            axes.plot([0, 1], [row + 0.75] * 2, color=colour("grid"), linewidth=0.8)
            axes.text(0, row + 0.42, label, color=colour("text"))
        for number, (name, values) in enumerate(series):
            role, mark = _look_of(number)
            rows = [row + 0.75 for row in range(len(labels))]
            axes.scatter(values, rows, marker=mark, color=role, s=34, zorder=3)
            high = 0.35 - top + 0.75 * number
            axes.scatter([0], [high], marker=mark, color=role, s=34, clip_on=False)
            axes.text(0.04, high, name, va="center", color=colour("text"))

    return paint


def height_of_dots(labels: int, series: int) -> float:
    """Return how many rows of the drawing so many labels with so many series take."""
    return labels + 1.8 + 0.75 * (series - 1)


@dataclass(frozen=True)
class Line:
    """One line that rises with a band around it, at whole steps from the left.

    Parameters
    ----------
    steps : sequence of int
        Where its points are, in rising order.
    values, low, high : sequence of int
        The line, and the ends of the band.
    """

    steps: Sequence[int]
    values: Sequence[int]
    low: Sequence[int]
    high: Sequence[int]


LINE_HEIGHT = 210


def paint_line(line: Line, names: tuple[str, str], ends: tuple[str, str]) -> Callable[[Axes], None]:
    """Return what paints a line in front of a band.

    Parameters
    ----------
    line : Line
        The line.
    names : (str, str)
        What the line and the band are.
    ends : (str, str)
        What the first and the last step are, below the drawing.
    """
    top, bottom, left, right = 62, LINE_HEIGHT - 24, 30, WIDTH - 8
    most = max([*line.high, *line.values, 1])
    across = [
        left + (right - left) * (step - line.steps[0]) / max(line.steps[-1] - line.steps[0], 1)
        for step in line.steps
    ]

    def up(values: Sequence[int]) -> list[float]:
        return [bottom - (bottom - top) * value / most for value in values]

    def paint(axes: Axes) -> None:
        _measure(axes, LINE_HEIGHT)
        axes.add_patch(_box((2, 3), 22, 10, colour("band"), 0.0))
        axes.text(30, 8.5, names[1], va="center", color=colour("text"))
        axes.plot([2, 24], [28, 28], color=colour("series-1"), lw=2.2)
        axes.text(30, 28.5, names[0], va="center", color=colour("text"))
        for value in (0, most):
            (y,) = up([value])
            axes.plot([left, right], [y, y], color=colour("grid"), lw=0.8)
            axes.text(left - 6, y, f"{value}", ha="right", va="center", color=colour("axis"))
        axes.fill_between(across, up(line.low), up(line.high), facecolor=colour("band"), lw=0)
        for edge in (line.low, line.high):
            axes.plot(across, up(edge), color=colour("series-4"), lw=0.8)
        axes.plot(across, up(line.values), color=colour("series-1"), lw=2.2)
        for x, end, side in zip((left, right), ends, ("left", "right"), strict=True):
            axes.text(x, bottom + 14, end, ha=side, va="center", color=colour("axis"))

    return paint
