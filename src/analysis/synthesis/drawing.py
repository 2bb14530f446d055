"""Drawings: what matplotlib lays out, as SVG that is complete without a page's style sheet.

What it writes is freed of inline styles, so that a strict Content-Security-Policy holds, and
complete in itself, so that a drawing looks the same in a page and in JupyterLab. Its text takes the
colour of the text around it; its marks have colours that are seen on light and on dark paper.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from analysis.synthesis.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from analysis.synthesis.markup import Content

# As wide as the text of a page on a screen of 360 px, so that text of this size is read there.
WIDTH = 320
TEXT_SIZE = 12.5
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
DEFINITIONS, GROUP, PATH = (f"{{{SVG}}}{name}" for name in ("defs", "g", "path"))
LEFT_OUT = {f"{{{SVG}}}{name}" for name in ("metadata", "style", "clipPath")}
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


class Painting(NamedTuple):
    """What paints a drawing, and its height; the width is ``WIDTH``.

    It paints on axes that count from the left and from the top, with colours from ``colour``.
    """

    height: float
    paint: Callable[[Axes], None]


def draw(identifier: str, title: Content, alternative: str, painting: Painting) -> Markup:
    """Return a figure: a ``<figure>`` with a caption and an ``<svg>`` that needs no style sheet.

    Parameters
    ----------
    identifier : str
        Starts the ids inside the drawing; unique on the page.
    title : str or Markup
        The caption, which states what the figure shows.
    alternative : str
        What the figure shows, in words, from the same numbers.
    painting : Painting
        What is drawn.
    """
    with mpl.rc_context():
        # Settings of the user's own would change the bytes.
        mpl.rcdefaults()
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = identifier
        mpl.rcParams["font.size"] = TEXT_SIZE
        mpl.rcParams["text.parse_math"] = False
        # A unit of the drawing is a point of matplotlib: 72 to an inch.
        figure = Figure(figsize=(WIDTH / 72, painting.height / 72))
        figure.patch.set_visible(False)
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(painting.height, 0)
        painting.paint(axes)
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
            if child.tag in LEFT_OUT or (child.tag == DEFINITIONS and not child.findall(PATH)):
                parent.remove(child)
    for node in root.iter():
        # Nothing is drawn beyond the edges.
        node.attrib.pop("clip-path", None)
        _style_node(node)
        _shorten(node)
        _scope_ids(node, identifier)
    _unwrap(root)
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
        is_bare = child.tag == GROUP and not child.attrib
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


def _shorten(node: ET.Element) -> None:
    """Leave out what changes nothing: space in paths, and turning text by no degrees."""
    if node.tag == PATH:
        node.set("d", re.sub(r"\s*([A-Za-z])\s*|\s+$", r"\1", node.attrib["d"]))
    if node.attrib.get("transform", "").startswith("rotate(-0 "):
        del node.attrib["transform"]
    if node.attrib.get("text-anchor") == "start":
        del node.attrib["text-anchor"]


def _scope_ids(node: ET.Element, identifier: str) -> None:
    """Keep ids that are referred to apart from those of other figures; drop the rest."""
    if "id" in node.attrib:
        if node.tag == PATH:
            node.set("id", f"{identifier}-{node.attrib['id']}")
        else:
            del node.attrib["id"]
    link = node.attrib.pop(f"{{{XLINK}}}href", "")
    if link:
        node.set("href", f"#{identifier}-{link.removeprefix('#')}")
