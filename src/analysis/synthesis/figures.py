"""Figures: small SVG drawings in the page's own colours and fonts, each with its text alternative.

matplotlib lays them out; what it writes is then freed of inline styles, fixed fonts and colours,
so that a strict Content-Security-Policy holds and light, dark and print each find their colours.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.synthesis.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

WIDTH_IN = 4.4
ROW_IN = 0.42
TEXT_SIZE = 10
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
ROLES = ("text", "axis", "grid", "series-1", "series-2", "series-3", "series-4", "series-5")
MARKERS = ("o", "s", "^", "D", "v")

_COLOURS = {f"#0000{number:02x}": role for number, role in enumerate(ROLES, start=1)}
_KEPT = ("fill", "stroke", "text-anchor", "stroke-width", "stroke-dasharray", "stroke-linecap")


def colour(role: str) -> str:
    """Return the colour that marks a role until the page gives the real one.

    Parameters
    ----------
    role : str
        One of ``ROLES``.
    """
    return next(code for code, name in _COLOURS.items() if name == role)


def draw(
    identifier: str, title: str, alternative: str, *, rows: int, paint: Callable[[Axes], None]
) -> Markup:
    """Return a figure drawn on one pair of axes.

    Parameters
    ----------
    identifier : str
        Starts the ids inside the drawing; unique on the page.
    title : str
        The caption.
    alternative : str
        What the figure shows, in words, from the same numbers.
    rows : int
        How many rows it has; sets its height.
    paint : callable
        Paints on the axes, with colours from ``colour``.

    Returns
    -------
    Markup
        A ``<figure>`` with an inline ``<svg>`` and a caption.
    """
    with mpl.rc_context():
        # Settings of the user's own would change the bytes.
        mpl.rcdefaults()
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = identifier
        mpl.rcParams["font.size"] = TEXT_SIZE
        mpl.rcParams["text.parse_math"] = False
        figure = Figure(figsize=(WIDTH_IN, ROW_IN * (rows + 1)))
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        paint(axes)
        written = io.StringIO()
        figure.savefig(
            written, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    svg = _restyle(written.getvalue(), identifier.replace(".", "-"), alternative)
    caption = element("figcaption", title)
    return element("figure", svg, caption, class_="chart")


def _restyle(written: str, identifier: str, alternative: str) -> Markup:
    root = ET.fromstring(written)  # noqa: S314 (matplotlib wrote it)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:
                parent.remove(child)
    for node in root.iter():
        _restyle_node(node, identifier)
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "aria-label": alternative,
            "stroke-linejoin": "round",
        }
    )
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    text = ET.tostring(root, encoding="unicode")
    return Markup(re.sub(r">\s+<", "><", text))  # noqa: S704 (built from escaped text)


def _restyle_node(node: ET.Element, identifier: str) -> None:
    style = dict(
        part.strip().split(": ", 1)
        for part in node.attrib.pop("style", "").split(";")
        if part.strip()
    )
    classes = []
    for name in _KEPT:
        value = style.get(name, node.attrib.get(name))
        role = _COLOURS.get(value or "")
        if role:
            classes.append(f"{name}-{role}")
            node.attrib.pop(name, None)
        elif value:
            node.set(name, value)
    if node.tag == f"{{{SVG}}}text" and not classes:
        classes.append("fill-text")
    if classes:
        node.set("class", " ".join(classes))
    _scope_ids(node, identifier)


def _scope_ids(node: ET.Element, identifier: str) -> None:
    """Keep ids that are referred to apart from those of other figures; drop the rest."""
    if "id" in node.attrib:
        if node.tag in {f"{{{SVG}}}path", f"{{{SVG}}}clipPath"}:
            node.set("id", f"{identifier}-{node.attrib['id']}")
        else:
            del node.attrib["id"]
    link = node.attrib.pop(f"{{{XLINK}}}href", "")
    if link:
        node.set("href", f"#{identifier}-{link.removeprefix('#')}")
    clip = node.attrib.get("clip-path", "")
    if clip:
        node.set("clip-path", clip.replace("url(#", f"url(#{identifier}-"))


def paint_bars(
    labels: Sequence[str], shares: Sequence[float], values: Sequence[str]
) -> Callable[[Axes], None]:
    """Return what paints one bar a row, with its label above it and its value at its end.

    Parameters
    ----------
    labels : sequence of str
        Names of the rows, top row first.
    shares : sequence of float
        Lengths of the bars, from 0 to 1.
    values : sequence of str
        The text next to the bars.
    """

    def paint(axes: Axes) -> None:
        axes.set_xlim(0, 1.25)
        axes.set_ylim(len(labels), -0.1)
        for row, (label, share, value) in enumerate(zip(labels, shares, values, strict=True)):
            axes.barh(row + 0.72, 1, height=0.3, color=colour("grid"))
            axes.barh(row + 0.72, share, height=0.3, color=colour("series-1"))
            axes.text(0, row + 0.4, label, va="baseline", color=colour("text"))
            axes.text(1.03, row + 0.72, value, va="center", color=colour("text"))

    return paint


def _look_of(number: int) -> tuple[str, str]:
    """Return the colour and the mark of a series, which no other of the first 25 has."""
    turn, at = divmod(number, len(MARKERS))
    return colour(f"series-{at + 1}"), MARKERS[(at + turn) % len(MARKERS)]


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

    def paint(axes: Axes) -> None:
        axes.set_xlim(-0.04, 1.04)
        axes.set_ylim(len(labels) + 0.9, -0.9)
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
            left = number / len(series)
            axes.scatter([left], [-0.55], marker=mark, color=role, s=34, clip_on=False)
            axes.text(left + 0.03, -0.55, name, va="center", color=colour("text"))

    return paint
