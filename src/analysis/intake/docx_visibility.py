"""Text of a Word document that a reader of the document does not see.

It is hidden, struck out, or so small or pale that nobody can read it, by its own properties or by
those of a style, or in a text box that is hidden.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = Any
"""An element of lxml, which ships no types, as python-docx does not."""

HIDDEN = "hidden-run"
"""The tag that runs get which nobody sees."""
RUNS = (qn("w:r"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}r")
TOGGLES = ("vanish", "webHidden", "strike", "dstrike")
OFF = ("0", "false", "off")
SMALLEST = 4
"""Half-points of the largest text that nobody can read."""
PALEST = 0xF5
"""The least red, green and blue of a colour that cannot be seen on white."""
FILLS = ("shd", "highlight")
NO_FILLS = ("", "auto", "none", "clear", "nil")
W_P, W_TR, W_TBL = qn("w:p"), qn("w:tr"), qn("w:tbl")
W_RPR, W_SHD, W_VAL, W_BOX = qn("w:rPr"), qn("w:shd"), qn("w:val"), qn("w:txbxContent")
# Shapes that hold text boxes, by their local names, in the two languages that Word draws in.
SHAPE, VML_SHAPES = "wsp", ("shape", "rect", "roundrect", "oval", "line", "polyline")
PALE_OF_THEME = ("bg1", "lt1")
VML_WHITE = ("", "white", "window")
# Where a run may be on another colour than that of the page.
GROUNDS = {W_P: "w:pPr", qn("w:tc"): "w:tcPr", W_TR: "w:tblPrEx", W_TBL: "w:tblPr"}


def is_hidden_row(row: Element) -> bool:
    """Return whether a row of a table is hidden, or deleted in a tracked change."""
    properties = row.find(qn("w:trPr"))
    if properties is None:
        return False
    return properties.find(qn("w:del")) is not None or _is_on(properties.find(qn("w:hidden")))


def mark_hidden_runs(document: Any) -> None:  # noqa: ANN401 - python-docx ships no types
    """Give each run of a document's body that nobody sees the tag `HIDDEN`."""
    styles = _Styles(document)
    body = document.element.body
    runs = [each for each in body.iter(*RUNS) if _is_hidden(each, styles)]
    for box in filter(_is_hidden_box, body.iter(W_BOX)):
        runs += box.iter(*RUNS)
    for row in filter(is_hidden_row, body.iter(W_TR)):
        runs += row.iter(*RUNS)
    for run in runs:
        run.tag = HIDDEN


def _is_hidden(run: Element, styles: _Styles) -> bool:
    paragraph = next(run.iterancestors(W_P), None)
    own = _properties_of(run.find(W_RPR))
    properties = {
        **styles.defaults,
        **styles.properties_of(_style_of(paragraph, "w:pPr", "w:pStyle") or styles.usual),
        **styles.properties_of(own.get("rStyle", "")),
        **own,
    }
    size = properties.get("sz", "")
    is_small = size.isdecimal() and int(size) <= SMALLEST
    if is_small or any(properties.get(name) == "on" for name in TOGGLES):
        return True
    return _is_pale(properties.get("color", "")) and not _has_ground(run, properties, styles)


def _has_ground(run: Element, properties: dict[str, str], styles: _Styles) -> bool:
    """Return whether pale text may be seen, for it is on a colour, or on one that is not known."""
    if styles.has_background or any(_is_coloured(properties.get(n, "")) for n in FILLS):
        return True
    for ancestor in run.iterancestors():
        if ancestor.tag == W_BOX and _has_fill(ancestor):
            return True
        named = GROUNDS.get(ancestor.tag)
        if named and _is_shaded(ancestor.find(qn(named))):
            return True
        of_table = _style_of(ancestor, "w:tblPr", "w:tblStyle")
        of_paragraph = _style_of(ancestor, "w:pPr", "w:pStyle")
        if styles.is_shaded(of_table) or styles.is_shaded(of_paragraph):
            return True
    return False


def _is_hidden_box(box: Element) -> bool:
    """Return whether a text box is hidden as a whole, in either language."""
    for ancestor in box.iterancestors():
        if ancestor.tag == W_P:
            return False
        style = ancestor.get("style", "").replace(" ", "").casefold()
        names = [each for each in ancestor if _name_of(each) in ("docPr", "cNvPr")]
        is_on = any(_is_on(each, "hidden", OFF[0]) for each in names)
        if is_on or "visibility:hidden" in style:
            return True
    return False


def _has_fill(box: Element) -> bool:
    """Return whether the shape of a text box has a fill on which pale text may be seen."""
    for ancestor in box.iterancestors():
        if ancestor.tag == W_P:
            return False
        if _name_of(ancestor) == SHAPE:
            return _is_shape_filled(ancestor)
        if _name_of(ancestor) in VML_SHAPES:
            return _is_vml_filled(ancestor)
    return False


def _is_shape_filled(shape: Element) -> bool:
    """Return whether a shape of DrawingML has a fill, or takes one from the theme."""
    parts = {_name_of(each): each for each in shape}
    for fill in parts.get("spPr", ()):
        if _name_of(fill) == "noFill":
            return False
        if _name_of(fill) == "solidFill":
            return any(map(_is_coloured_in_theme, fill))
        if _name_of(fill).endswith("Fill"):
            return True
    named = [each for each in parts.get("style", ()) if _name_of(each) == "fillRef"]
    return any(each.get("idx") != "0" and any(map(_is_coloured_in_theme, each)) for each in named)


def _is_coloured_in_theme(colour: Element) -> bool:
    value = colour.get("lastClr", colour.get("val", ""))
    return value not in PALE_OF_THEME and _is_coloured(value)


def _is_vml_filled(shape: Element) -> bool:
    """Return whether a shape of VML has a fill; one that says nothing is white."""
    fills = [each for each in shape if _name_of(each) == "fill"]
    if shape.get("filled", "t").startswith("f") or any(_is_off(each) for each in fills):
        return False
    if any(each.get("type", "solid") != "solid" for each in fills):
        return True
    colour = shape.get("fillcolor", "").partition(" ")[0].casefold()
    hexadecimal = colour.removeprefix("#")
    if len(hexadecimal) == 3:
        hexadecimal = "".join(2 * digit for digit in hexadecimal)
    return colour not in VML_WHITE and _is_coloured(hexadecimal)


def _is_off(fill: Element) -> bool:
    return str(fill.get("on", "t")).startswith("f")


def _name_of(element: Element) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


class _Styles:
    """The styles of a document, by id, with those that they are based on."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - see mark_hidden_runs
        self._root = document.styles.element
        self._by_id = {each.get(qn("w:styleId")): each for each in self._root.iter(qn("w:style"))}
        self._properties: dict[str, dict[str, str]] = {}
        self.defaults = _properties_of(self._root.find(f".//{qn('w:rPrDefault')}/{W_RPR}"))
        background = document.element.find(qn("w:background"))
        self.has_background = background is not None and _is_coloured(
            background.get(qn("w:color"), "")
        )

    @cached_property
    def usual(self) -> str:
        """The style of a paragraph that names none."""
        return next(
            (
                name
                for name, style in self._by_id.items()
                if style.get(qn("w:type")) == "paragraph" and _is_on(style, qn("w:default"), "0")
            ),
            "",
        )

    def properties_of(self, name: str) -> dict[str, str]:
        """Return the properties of text in a style."""
        if name not in self._properties:
            self._properties[name] = {}
            for style in reversed([*self._line_of(name)]):
                self._properties[name].update(_properties_of(style.find(W_RPR)))
        return self._properties[name]

    def is_shaded(self, name: str) -> bool:
        """Return whether a style of a paragraph or a table has some ground of its own."""
        return any(_is_shaded(part) for style in self._line_of(name) for part in style.iter())

    def _line_of(self, name: str) -> Iterator[Element]:
        """Yield a style, and those that it is based on."""
        seen: set[str] = set()
        while name in self._by_id and name not in seen:
            seen.add(name)
            yield self._by_id[name]
            based = self._by_id[name].find(qn("w:basedOn"))
            name = "" if based is None else based.get(W_VAL, "")


def _style_of(element: Element, properties: str, style: str) -> str:
    found = None if element is None else element.find(f"{qn(properties)}/{qn(style)}")
    return "" if found is None else str(found.get(W_VAL, ""))


def _properties_of(properties: Element) -> dict[str, str]:
    """Return what makes text hard to see, by the local name of its property."""
    found: dict[str, str] = {}
    for each in properties if properties is not None else ():
        name = _name_of(each)
        if name in TOGGLES:
            found[name] = "on" if _is_on(each) else "off"
        elif name == "shd":
            found[name] = _fill_of(each)
        elif name:
            found[name] = each.get(W_VAL, "")
    return found


def _is_on(element: Element, attribute: str = W_VAL, otherwise: str = "on") -> bool:
    return element is not None and element.get(attribute, otherwise) not in OFF


def _is_shaded(properties: Element) -> bool:
    shading = None if properties is None else properties.find(W_SHD)
    return shading is not None and _is_coloured(_fill_of(shading))


def _fill_of(shading: Element) -> str:
    """Return the fill of a shading, or its pattern where that covers the fill."""
    pattern = shading.get(W_VAL, "")
    return str(pattern if pattern not in NO_FILLS else shading.get(qn("w:fill"), ""))


def _is_coloured(fill: str) -> bool:
    return fill not in NO_FILLS and fill != "white" and not _is_pale(fill)


def _is_pale(colour: str) -> bool:
    try:
        parts = bytes.fromhex(colour)
    except ValueError:
        return False
    return len(parts) == 3 and min(parts) >= PALEST
