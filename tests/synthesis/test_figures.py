from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from analysis.synthesis.drawing import ROLES, TEXT_SIZE, WIDTH, draw
from analysis.synthesis.figures import (
    Diverging,
    paint_dates,
    paint_diverging,
    paint_dots,
    paint_tiles,
    stack_dates,
)

if TYPE_CHECKING:
    from markupsafe import Markup

HOSTILE = '<script>"&$x_1$'
TILES = {"KEN": (2, 1), "UGA": (1, 1), "TZA": (2, 2)}
MONTHS = ("2020-07-01", "2020-08-01", "2020-09-01")


def draw_bars(identifier: str = "figure-a", label: str = "Rights") -> Markup:
    rows = [Diverging(label, 3, 1, 2), Diverging("Support", 0, 4, 0)]
    ends = (("Concern", "of 4"), ("Hope", "of 4"), ("Constraint", "of 3"))
    painting = paint_diverging(rows, ends, 4)
    return draw(identifier, "Rights worry most", "Rights: concern 3 of 4.", painting)


def draw_dots() -> Markup:
    series = [("ESA", [0.5, 0.0]), ("WCA", [1.0, 0.0])]
    paint = paint_dots(["Rights", "Support"], series, ("none", "half", "all"))
    return draw("figure-b", "Regions", "Rights: ESA 1 of 2.", paint)


def draw_tiles() -> Markup:
    return draw("figure-c", "Map", "Kenya: 12.", paint_tiles(TILES, {"KEN": 12}))


def draw_dates() -> Markup:
    days = ["2020-07-03", "2020-07-03", "2020-08-20"]
    return draw("figure-d", "Dates", "3 July twice.", paint_dates(days, MONTHS))


FIGURES = [draw_bars(), draw_dots(), draw_tiles(), draw_dates()]
NAMES = ["bars", "dots", "tiles", "dates"]


def svg_of(figure: Markup) -> ET.Element:
    return ET.fromstring(re.search("<svg.*</svg>", str(figure))[0])  # noqa: S314 (our own)


def words_of(figure: Markup) -> list[str]:
    return ["".join(node.itertext()) for node in svg_of(figure).iter() if node.tag.endswith("text")]


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


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_figure_keeps_to_a_strict_policy(figure: Markup) -> None:
    """A figure has no inline style, runs nothing, and loads nothing."""
    attributes = [
        (name, value) for node in svg_of(figure).iter() for name, value in node.attrib.items()
    ]

    assert [name for name, _ in attributes if name == "style" or name.startswith("on")] == []
    assert [value for _, value in attributes if "http" in value] == []
    assert "<style" not in figure
    assert "<metadata" not in figure


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_figure_needs_no_style_sheet(figure: Markup) -> None:
    """Each mark and each text has its colour as an attribute, and nothing has a class."""
    nodes = list(svg_of(figure).iter())
    known = {paint for paint, _ in ROLES.values()} | {"none"}
    drawn = [
        node for node in nodes
        if node.tag.endswith(("}path", "}text", "}use"))
        and "id" not in node.attrib
    ]  # fmt: skip

    assert [node.attrib for node in nodes if "class" in node.attrib] == []
    assert {
        node.attrib[name] for node in drawn for name in ("fill", "stroke") if name in node.attrib
    } <= known
    assert [node.attrib for node in drawn if not {"fill", "stroke"} & node.attrib.keys()] == []


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_figure_has_nothing_that_changes_nothing(figure: Markup) -> None:
    """A figure has no empty element, no bare group, and no attribute that says the default."""
    nodes = list(svg_of(figure).iter())

    assert [node.tag for node in nodes if node.tag.endswith("}defs") and not len(node)] == []
    assert [node.tag for node in nodes if node.tag.endswith("}g") and not node.attrib] == []
    assert [node.attrib for node in nodes if "transform" in node.attrib] == []
    assert [node.attrib["d"] for node in nodes if "  " in node.attrib.get("d", "")] == []


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_text_can_be_read_on_a_phone(figure: Markup) -> None:
    """At 320 px, the width of the text of a page of 360 px, text has 12 px or more."""
    root = svg_of(figure)

    assert float(root.attrib["width"]) == pytest.approx(WIDTH)
    assert float(root.attrib["font-size"]) >= 12
    assert TEXT_SIZE >= 12
    assert [n.attrib for n in root.iter() if "font-size" in n.attrib and n is not root] == []


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, after WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("paper", ["#fdfcf9", "#14181a", "#ffffff", "#111111"])
def test_marks_are_seen_on_light_and_on_dark_paper(paper: str) -> None:
    """Marks have a contrast of 3:1 with the paper of pages and of JupyterLab, light and dark."""
    marks = {paint for role, (paint, _) in ROLES.items() if role.startswith("series")}

    assert {mark: contrast(mark, paper) for mark in marks if contrast(mark, paper) < 3} == {}


def test_number_on_a_mark_is_readable() -> None:
    """The text on a tile has a contrast of 4.5:1 with it."""
    assert contrast(ROLES["on-mark"][0], ROLES["series-1"][0]) >= 4.5


def test_ids_are_apart_on_one_page() -> None:
    """Two figures on a page share no id, and each refers to its own alone."""
    ids = []
    for identifier in ("figure-a", "figure-b"):
        nodes = list(svg_of(draw_bars(identifier)).iter())
        ids.append({node.attrib["id"] for node in nodes if "id" in node.attrib})
        used = {node.attrib["href"].removeprefix("#") for node in nodes if "href" in node.attrib}
        clips = [node.attrib["clip-path"] for node in nodes if "Q" in node.attrib.get("d", "")]
        used |= {clip.removeprefix("url(#").removesuffix(")") for clip in clips}
        assert used <= ids[-1]

    assert ids[0].isdisjoint(ids[1])


def test_alternative_holds_the_numbers() -> None:
    """A figure is read out as its alternative, and captioned by its title."""
    figure = draw_bars()

    assert svg_of(figure).attrib["aria-label"] == "Rights: concern 3 of 4."
    assert svg_of(figure).attrib["role"] == "img"
    assert "<figcaption>Rights worry most</figcaption>" in figure


def test_text_stays_text() -> None:
    """Names in a figure are text that can be searched, and escaped."""
    figure = draw_bars(label=HOSTILE)

    assert HOSTILE in words_of(figure)
    assert "<script" not in figure


def test_every_number_of_diverging_bars_is_written() -> None:
    """Bars are not read by their length alone: each number is next to its bar or mark."""
    assert words_of(draw_bars())[6:] == ["Rights", "3", "1", "2", "Support", "0", "4", "0"]


def test_bars_are_as_long_as_their_numbers_on_their_side_of_the_line() -> None:
    """Concerns end at the line in the middle, hope starts there; the most fills a side."""
    paths = [node.attrib for node in svg_of(draw_bars()).iter() if node.tag.endswith("path")]
    sides = {
        role: [
            sorted({float(x) for x in re.findall(r"[ML]([\d.]+) ", path["d"])})
            for path in paths
            if path.get("fill") == ROLES[role][0]
        ]
        for role in ("series-2", "series-1")
    }

    middle, most = WIDTH / 2, WIDTH / 2 - 46
    left, right = middle - most * 3 / 4, middle + most * 1 / 4
    assert sides == {
        "series-2": [[left, middle], [middle]],
        "series-1": [[middle, right], [middle, middle + most]],
    }


def test_tile_of_a_country_that_was_not_heard_is_an_empty_outline() -> None:
    """A tile has its country's code; a number only where there is one, and is filled only then."""
    assert words_of(draw_tiles()) == ["KEN", "12", "UGA", "TZA"]
    tiles = [node for node in svg_of(draw_tiles()).iter() if "Q" in node.attrib.get("d", "")]
    assert [node.attrib["fill"] for node in tiles] == [ROLES["series-1"][0], "none", "none"]
    assert [node.attrib.get("stroke-opacity") for node in tiles] == [None, "0.75", "0.75"]


def test_dots_of_one_day_are_stacked() -> None:
    """Dots that would overlap are above one another, so that each can be counted."""
    spots = stack_dates(["2020-07-03", "2020-07-03", "2020-07-04", "2020-08-20"], MONTHS)

    assert [level for _, level in spots] == [1, 2, 3, 1]


def test_series_differ_by_more_than_colour() -> None:
    """Each series has a mark of its own shape, not its colour alone."""
    paths = [node for node in svg_of(draw_dots()).iter() if node.tag.endswith("defs")]

    shapes = {path.attrib["d"] for defs in paths for path in defs if path.tag.endswith("path")}
    assert len(shapes) >= 2


def test_many_series_look_each_its_own_way() -> None:
    """With more series than colours, no two have the same mark in the same colour."""
    series = [(f"Region {number}", [number / 20]) for number in range(12)]
    figure = draw("many", "Regions", "As listed.", paint_dots(["a"], series, ("",) * 3))
    nodes = list(svg_of(figure).iter())
    shapes = {node.attrib.get("id"): node.attrib.get("d") for node in nodes}
    marks = [node for node in nodes if node.tag.endswith("use")]

    looks = [(shapes[mark.attrib["href"][1:]], mark.attrib["fill"]) for mark in marks]
    assert (len(looks), len(set(looks))) == (24, 12)
