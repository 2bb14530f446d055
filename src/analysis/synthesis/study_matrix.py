"""The framework matrix of a study: focus groups by questions, and by themes.

Each cell counts passages and leads to the first of them. In a build the matrix is a page of its
own, or several where a study has many focus groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import to_translate, translate, write_number
from analysis.synthesis.coverage import COVERAGE_PAGE
from analysis.synthesis.excerpts import describe_group
from analysis.synthesis.markup import element, items, join, say, say_number, term
from analysis.synthesis.named_codes import link_code
from analysis.tables.build_folder import build_folder
from analysis.tables.segments import follow_template

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from markupsafe import Markup

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

# Rows of two tables, on a page of less than a megabyte.
GROUPS_A_PAGE = 150
# Five points is what the template allows in an answer.
DARKEST = 5
ABOUT = to_translate(
    "Each row is a focus group. A number counts its passages and leads to the first of them, with "
    "the others below it; a dot is none."
)
WITHHELD = to_translate("not shown: consent is for counts only")


class Column(NamedTuple):
    """A column: what it counts, its section for a heading over several, and its own heading."""

    key: str
    section: Content
    head: Content


def show_matrix(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the framework matrix of a study, or in a build the link to its page.

    Parameters
    ----------
    coverage : Coverage
        The coverage of the study.
    ledger : Ledger
        The claims of the report.
    """
    pages = _paginate(coverage)
    build = build_folder(coverage.study.root, coverage.study.settings.name)
    if build is None:
        return ledger.show(_show_page(coverage, pages[0], level=3))
    folder = build.words(COVERAGE_PAGE)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"matrix-{number:03}" for number in range(1, len(pages) + 1)]
    if len(pages) == 1:
        names = ["matrix"]
    else:
        links = [
            element("a", _name_page(coverage, groups), href=f"{name}.html")
            for name, groups in zip(names, pages, strict=True)
        ]
        index = join([element("h2", say("Focus groups")), items(links)])
        (folder / "matrix.html").write_text(index, encoding="utf-8")
    for name, groups in zip(names, pages, strict=True):
        page = _show_page(coverage, groups, level=2)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    link = element("a", say("Framework matrix"), href="matrix.html")
    about = say("Each focus group by question and by theme, with the way to its passages.")
    return ledger.show(element("p", link, " ", about))


def _paginate(coverage: Coverage) -> list[pd.DataFrame]:
    """Return the focus groups of each page, by home and then by id; at least one page."""
    groups = coverage.focus_groups.sort_values(["home", "focus_group"])
    starts = range(0, max(len(groups), 1), GROUPS_A_PAGE)
    return [groups.iloc[start : start + GROUPS_A_PAGE] for start in starts]


def _name_page(coverage: Coverage, groups: pd.DataFrame) -> Markup:
    """Return the homes and the first and last focus group of a page."""
    homes = ", ".join(map(coverage.name, groups["home"].unique()))
    ids = groups["focus_group"].tolist()
    first, last = (element("code", ids[at]) for at in (0, -1))
    return say("{places}: {first} to {last}", places=term(homes), first=first, last=last)


def _show_page(coverage: Coverage, groups: pd.DataFrame, *, level: int) -> Markup:
    parts: list[Content] = [element("p", say(ABOUT), class_="hint")]
    if follow_template(coverage.segments["cell"]):
        title = translate("Focus groups by question")
        parts += [
            element(f"h{level}", title, id="by-question"),
            _table(coverage, groups, title, _questions(coverage), coverage.segments, "cell"),
        ]
    title = translate("Focus groups by theme")
    parts += [
        element(f"h{level}", title, id="by-theme"),
        _table(coverage, groups, title, _themes(coverage), coverage.codings, "theme"),
    ]
    return join(parts)


def _questions(coverage: Coverage) -> list[Column]:
    """Return the cells of the template that some focus group answered."""
    template = coverage.study.instrument
    answered = set(coverage.segments["cell"].astype("str"))
    return [
        Column(cell, template.title(cell.partition(".")[0]), template.question_label(cell))
        for cell in template.cells
        if cell in answered
    ]


def _themes(coverage: Coverage) -> list[Column]:
    study = coverage.study
    return [Column(theme, "", link_code(study, theme)) for theme in study.codebook.themes]


def _table(  # noqa: PLR0913, PLR0917
    coverage: Coverage,
    groups: pd.DataFrame,
    title: str,
    columns: Sequence[Column],
    rows: pd.DataFrame,
    by: str,
) -> Markup:
    """Return how many passages each focus group has in each column."""
    passages = rows[["segment", "focus_group", by]].drop_duplicates().astype("str")
    counted = passages.groupby(["focus_group", by])["segment"].agg(["size", "first"])
    cells = {
        (str(group), str(key)): (int(size), str(first))
        for (group, key), size, first in counted.itertuples(name=None)
    }
    is_theme = by == "theme"
    body: list[Markup] = []
    for home, of_home in groups.groupby("home", sort=False):
        name = element("th", coverage.name(str(home)), scope="rowgroup", colspan=_width(columns))
        listed = []
        for group in of_home["focus_group"].tolist():
            shown = [
                _cell(coverage, cells.get((group, column.key)), column.key if is_theme else "")
                for column in columns
            ]
            # Which codes are on single passages is shown only where the passages are.
            if is_theme and group in coverage.without_words:
                shown = [element("td", say(WITHHELD), colspan=str(len(columns)))]
            listed.append(_row(coverage, group, shown))
        body.append(element("tbody", element("tr", name, class_="home"), *listed))
    caption_id = f"table-{by}"
    about = translate("{title}: passages in each", title=title)
    whole = element(
        "table",
        element("caption", about, id=caption_id, class_="unseen"),
        element("thead", *_head(columns)),
        *body,
        class_="heat frame",
    )
    return element(
        "div", whole, class_="frame-table evidence", role="region", aria_labelledby=caption_id,
        tabindex="0",
    )  # fmt: skip


def _width(columns: Sequence[Column]) -> str:
    return str(len(columns) + 1)


def _head(columns: Sequence[Column]) -> list[Markup]:
    """Return the rows of headings: sections where there are any, then the columns."""
    heads = [element("th", element("span", each.head), scope="col") for each in columns]
    corner = element("th", say("Focus group"), scope="col")
    if not any(each.section for each in columns):
        return [element("tr", corner, *heads)]
    spans: list[tuple[Content, int]] = []
    for each in columns:
        if spans and spans[-1][0] == each.section:
            spans[-1] = (each.section, spans[-1][1] + 1)
        else:
            spans.append((each.section, 1))
    sections = [
        element("th", section, scope="colgroup", colspan=str(width)) for section, width in spans
    ]
    return [element("tr", element("td"), *sections), element("tr", corner, *heads)]


def _row(coverage: Coverage, group: str, cells: Sequence[Markup]) -> Markup:
    address = coverage.address_of_group(group)
    met = describe_group(coverage, group)
    named = element("a", met, href=address) if address else met
    header = element("th", named, " ", element("code", group), scope="row")
    return element("tr", header, *cells)


def _cell(coverage: Coverage, cell: tuple[int, str] | None, theme: str = "") -> Markup:
    """Return a number of passages that leads to the first, or to those of a theme."""
    if cell is None:
        return element("td", "\u00b7")
    number, first = cell
    address = coverage.address_of(first)
    if theme:
        # The page filters its passages by this.
        address = address.replace("#", f"?theme={theme}#")
    words = say_number("{n} passage", "{n} passages", number, n=write_number(number))
    link = element("a", write_number(number), href=address, title=words)
    return element("td", link, class_=f"shade-{min(number, DARKEST)}")
