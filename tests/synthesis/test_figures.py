from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from analysis.synthesis.figures import draw, paint_bars, paint_dots

if TYPE_CHECKING:
    from markupsafe import Markup

HOSTILE = '<script>"&$x_1$'


def draw_bars(identifier: str = "figure-a", label: str = "Rights") -> Markup:
    paint = paint_bars([label, "Support"], [0.5, 0.0], ["1 of 2", "0 of 2"])
    return draw(identifier, "Themes", "Rights, 1 of 2; Support, 0 of 2.", rows=2, paint=paint)


def draw_dots() -> Markup:
    series = [("ESA", [0.5, 0.0]), ("WCA", [1.0, 0.0])]
    paint = paint_dots(["Rights", "Support"], series, ("none", "half", "all"))
    return draw("figure-b", "Regions", "Rights: ESA 1 of 2.", rows=3, paint=paint)


def svg_of(figure: Markup) -> ET.Element:
    return ET.fromstring(re.search("<svg.*</svg>", str(figure))[0])  # noqa: S314 (our own)


def test_same_numbers_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure is the same at every run, whatever the user's own settings of matplotlib."""
    first = draw_bars()
    monkeypatch.setitem(mpl.rcParams, "patch.force_edgecolor", True)  # noqa: FBT003
    monkeypatch.setitem(mpl.rcParams, "patch.linewidth", 9)
    monkeypatch.setitem(mpl.rcParams, "savefig.dpi", 300)

    assert draw_bars() == first


def test_settings_of_matplotlib_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing leaves the settings of others as they were."""
    monkeypatch.setitem(mpl.rcParams, "font.size", 30)

    draw_bars()

    assert mpl.rcParams["font.size"] == 30


@pytest.mark.parametrize("figure", [draw_bars(), draw_dots()], ids=["bars", "dots"])
def test_figure_stands_under_a_strict_policy(figure: Markup) -> None:
    """A figure has no inline style, no colour of its own, and reaches for nothing outside."""
    attributes = [
        (name, value) for node in svg_of(figure).iter() for name, value in node.attrib.items()
    ]

    assert [name for name, _ in attributes if name == "style" or name.startswith("on")] == []
    assert [value for _, value in attributes if re.search(r"#[0-9a-f]{6}|https?:", value)] == []
    assert "<style" not in figure
    assert "<metadata" not in figure


def test_ids_are_apart_on_one_page() -> None:
    """Two figures on a page share no id, and each refers to its own alone."""
    ids = []
    for identifier in ("figure-a", "figure-b"):
        nodes = list(svg_of(draw_bars(identifier)).iter())
        ids.append({node.attrib["id"] for node in nodes if "id" in node.attrib})
        used = {node.attrib["href"].removeprefix("#") for node in nodes if "href" in node.attrib}
        clips = [node.attrib["clip-path"] for node in nodes if "clip-path" in node.attrib]
        used |= {clip.removeprefix("url(#").removesuffix(")") for clip in clips}
        assert used <= ids[-1]

    assert ids[0].isdisjoint(ids[1])


def test_alternative_holds_the_numbers() -> None:
    """A figure is read out as its alternative, and captioned by its title."""
    figure = draw_bars()

    assert svg_of(figure).attrib["aria-label"] == "Rights, 1 of 2; Support, 0 of 2."
    assert svg_of(figure).attrib["role"] == "img"
    assert "<figcaption>Themes</figcaption>" in figure


def test_text_stays_text() -> None:
    """Names in a figure are text that can be searched, in the page's own font, and escaped."""
    figure = draw_bars(label=HOSTILE)

    words = ["".join(node.itertext()) for node in svg_of(figure).iter() if "text" in node.tag]
    assert words == [HOSTILE, "1 of 2", "Support", "0 of 2"]
    assert "font-family" not in figure
    assert "<script" not in figure


def test_series_differ_by_more_than_colour() -> None:
    """Each series has a mark of its own shape, not its colour alone."""
    paths = [node for node in svg_of(draw_dots()).iter() if node.tag.endswith("defs")]

    shapes = {path.attrib["d"] for defs in paths for path in defs if path.tag.endswith("path")}
    assert len(shapes) >= 2


def test_many_series_look_each_its_own_way() -> None:
    """With more series than colours, no two have the same mark in the same colour."""
    series = [(f"Region {number}", [number / 20]) for number in range(12)]
    figure = draw("many", "Regions", "As told.", rows=2, paint=paint_dots(["a"], series, ("",) * 3))
    nodes = list(svg_of(figure).iter())
    shapes = {node.attrib.get("id"): node.attrib.get("d") for node in nodes}
    marks = [node for node in nodes if node.tag.endswith("use")]

    looks = [(shapes[mark.attrib["href"][1:]], mark.attrib["class"]) for mark in marks]
    assert (len(looks), len(set(looks))) == (24, 12)
