"""The framework matrix of a study: focus groups by questions, and by themes.

Each cell counts passages and leads to the first of them. In a build the matrix is a page of its
own, or several where a study has many focus groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.language import to_translate, translate, write_number
from analysis.synthesis.coverage import COVERAGE_PAGE
from analysis.synthesis.excerpts import describe_group
from analysis.synthesis.links import link_code
from analysis.synthesis.markup import element, items, join, say, say_number, scrollable, term
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
MOST_IN_AN_ANSWER = 5
SHADES = 5
ABOUT = to_translate(
    "Each line is about one focus group. A number counts its passages, the more the darker, and "
    "opens the first of them; the others follow it. A dot means none."
)
WITHHELD = to_translate("not shown for a single group: consent is for counts over groups")


class Column(NamedTuple):
    """A column: what it counts, its heading, and the section for a heading over several."""

    key: str
    head: Content
    section: Content = ""


class Matrix(NamedTuple):
    """Passages of focus groups by question (``cell``) or by theme.

    A cell is the number of its passages and the first of them, by focus group and column; from
    ``darkest`` passages on its shade is the darkest.
    """

    by: str
    title: str
    columns: Sequence[Column]
    cells: dict[tuple[str, str], tuple[int, str]]
    darkest: int


def show_matrix(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return the framework matrix of a study, or in a build the link to its page."""
    matrices, pages = _count_passages(coverage), _paginate(coverage)
    build = coverage.build
    if build is None:
        first = _show_page(coverage, matrices, pages[0], level=3)
        return ledger.show(first, *_note_others(coverage, len(pages[0])))
    names = ["matrix"]
    if len(pages) > 1:
        names = [f"matrix-{number:03}" for number in range(1, len(pages) + 1)]
        links = [
            element("a", _name_page(coverage, groups), href=f"{name}.html")
            for name, groups in zip(names, pages, strict=True)
        ]
        index = join([element("h2", say("Focus groups")), items(links)])
        build.write_page(COVERAGE_PAGE, "matrix", index)
    for name, groups in zip(names, pages, strict=True):
        build.write_page(COVERAGE_PAGE, name, _show_page(coverage, matrices, groups, level=2))
    link = element("a", say("Framework matrix"), href="matrix.html")
    about = say("Each focus group by question and by theme, with the way to its passages.")
    return ledger.show(element("p", link, " ", about))


def _note_others(coverage: Coverage, shown: int) -> list[Content]:
    """Return how many focus groups a notebook leaves to the pages of a build."""
    others = len(coverage.focus_groups) - shown
    if not others:
        return []
    note = say_number(
        "{n} more focus group is on the page that a build writes.",
        "{n} more focus groups are on the pages that a build writes.",
        others,
        n=term(write_number(others)),
    )
    return [element("p", note, class_="hint")]


def _count_passages(coverage: Coverage) -> list[Matrix]:
    """Return the passages by question, where a study follows the template, and by theme."""
    template, book = coverage.study.instrument, coverage.study.codebook
    themes = [Column(theme, link_code(coverage.study, theme)) for theme in book.themes]
    title = translate("Focus groups by theme")
    coded = _cells(coverage.codings, "theme")
    shown = [n for (group, _), (n, _) in coded.items() if group not in coverage.without_words]
    most = max(shown, default=1)
    by_theme = Matrix("theme", title, themes, coded, most)
    if not follow_template(coverage.segments["cell"]):
        return [by_theme]
    cells = _cells(coverage.segments, "cell")
    answered = {cell for _, cell in cells}
    questions = [
        Column(cell, template.question_label(cell), template.title(cell.partition(".")[0]))
        for cell in template.cells
        if cell in answered
    ]
    by_question = Matrix(
        "cell", translate("Focus groups by question"), questions, cells, MOST_IN_AN_ANSWER
    )
    return [by_question, by_theme]


def _cells(rows: pd.DataFrame, by: str) -> dict[tuple[str, str], tuple[int, str]]:
    passages = rows[["segment", "focus_group", by]].drop_duplicates().astype("str")
    counted = passages.groupby(["focus_group", by])["segment"].agg(["size", "first"])
    return {key: (int(size), first) for key, size, first in counted.itertuples(name=None)}


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


def _show_page(
    coverage: Coverage, matrices: Sequence[Matrix], groups: pd.DataFrame, *, level: int
) -> Markup:
    parts: list[Content] = [element("p", say(ABOUT), class_="hint")]
    for matrix in matrices:
        name = "question" if matrix.by == "cell" else matrix.by
        parts += [
            element(f"h{level}", matrix.title, id=f"by-{name}"),
            _table(coverage, matrix, groups),
        ]
    return join(parts)


def _table(coverage: Coverage, matrix: Matrix, groups: pd.DataFrame) -> Markup:
    """Return how many passages each focus group has in each column."""
    width = str(len(matrix.columns) + 1)
    body = []
    for home, of_home in groups.groupby("home", sort=False):
        name = element("th", coverage.name(str(home)), scope="rowgroup", colspan=width)
        rows = [_row(coverage, matrix, group) for group in of_home["focus_group"]]
        body.append(element("tbody", element("tr", name, class_="home"), *rows))
    caption_id = f"table-{matrix.by}"
    about = translate("{title}: number of passages", title=matrix.title)
    whole = element(
        "table",
        element("caption", about, id=caption_id),
        element("thead", *_head(matrix.columns)),
        *body,
        class_="heat frame",
    )
    return scrollable(whole, caption_id, "frame-table evidence")


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


def _row(coverage: Coverage, matrix: Matrix, group: str) -> Markup:
    """Return the row of a focus group; its themes only where its passages are shown."""
    address = coverage.address_of_group(group)
    met = describe_group(coverage, group)
    named = element("a", met, href=address) if address else met
    header = element("th", named, " ", element("code", group), scope="row")
    if matrix.by == "theme" and group in coverage.without_words:
        withheld = element("td", say(WITHHELD), colspan=str(len(matrix.columns)))
        return element("tr", header, withheld)
    cells = [_cell(coverage, matrix, group, column.key) for column in matrix.columns]
    return element("tr", header, *cells)


def _cell(coverage: Coverage, matrix: Matrix, group: str, key: str) -> Markup:
    """Return a number of passages that leads to the first, or to those of a theme."""
    if (group, key) not in matrix.cells:
        return element("td", "\u00b7")
    number, first = matrix.cells[group, key]
    address = coverage.address_of(first)
    if matrix.by == "theme":
        # The page filters its passages by this.
        address = address.replace("#", f"?theme={key}#")
    words = say_number("{n} passage", "{n} passages", number, n=write_number(number))
    link = element("a", write_number(number), href=address, title=words)
    shade = -(-min(number, matrix.darkest) * SHADES // matrix.darkest)
    return element("td", link, class_=f"shade-{shade}")
