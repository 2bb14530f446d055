"""Pages from executed notebooks."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from analysis.errors import PublishingError
from analysis.publishing.claim_check import require_claimed_numbers
from analysis.publishing.html_reader import read_page
from analysis.publishing.html_safety import require_sound
from analysis.publishing.notebook_body import render_cells
from analysis.publishing.outline import outline_body
from analysis.publishing.templates import TEMPLATES

if TYPE_CHECKING:
    from nbformat import NotebookNode

# In bytes; the largest page of the demonstration study has two million.
PAGE_LIMIT = 5_000_000
PAGE_IDS = frozenset({"main", "closed", "colophon"})


@dataclass(frozen=True)
class Page:
    """What stands around the body of a page.

    Parameters
    ----------
    title : str
        The heading of the page, as the name of the place.
    kicker : str
        The kind of report, shown above the title; empty for the first heading of the notebook.
    study_title : str
        The study that the page belongs to; empty on pages about all studies.
    synthetic : bool
        Whether the page must say on screen and in print that its data are invented.
    language : str
        BCP 47 code of the language the page is written in.
    crumbs : tuple of (str, str or None)
        The way to this page: titles with their relative links; the last one is the page itself.
    facts : tuple of (str, str)
        Terms and values shown under the title.
    provenance : tuple of (str, str)
        Terms and values of what made the page.
    source_notebook : str
        Relative link to the executed notebook, or nothing.
    """

    title: str
    kicker: str = ""
    study_title: str = ""
    synthetic: bool = False
    language: str = "en"
    crumbs: tuple[tuple[str, str | None], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()
    source_notebook: str = ""


@dataclass(frozen=True)
class StyleSheet:
    """The one style sheet that a page carries, and the hash by which its policy allows it."""

    text: Markup
    source: Markup


def render_notebook(notebook: NotebookNode, page: Page) -> str:
    """Return an executed notebook as a page that needs nothing but itself.

    What comes before the first section (the cell tagged ``about``, whose heading gives the kicker,
    and the code that gets things ready) is folded away under the title. Code is folded away below
    what it shows; where it shows nothing, so are the words before it.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook; its outputs hold trusted HTML in which all text is escaped.
    page : Page
        What stands around it.

    Returns
    -------
    str
        The page; the same bytes for the same notebook and page.

    Raises
    ------
    PublishingError
        When an output holds a script, an inline style, an outside resource, a repeated id, a link
        within the page that leads nowhere, or a number that is no claim.
    """
    body = render_cells(notebook.cells)
    titled = replace(page, kicker=page.kicker or body.kind)
    return render_page(body.html, titled, about=body.about, claimed=True)


def render_body(template: str, **context: Any) -> str:  # noqa: ANN401
    """Return the body of a page from one of the page templates.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/pages``.
    **context : Any
        What the template names; a name that is missing is an error, text is escaped.

    Returns
    -------
    str
        The body, without what stands around it.
    """
    return _environment().get_template(template).render(**context)


def render_page(
    body: str, page: Page, *, about: str = "", claimed: bool = False, limit: int = PAGE_LIMIT
) -> str:
    """Return a body as a page that needs nothing but itself.

    Parameters
    ----------
    body : str
        Trusted HTML in which all text is escaped.
    page : Page
        What stands around it.
    about : str, optional
        HTML that is folded away under the title.
    claimed : bool, optional
        Whether each number of the page must be a claim.
    limit : int, optional
        How many bytes the page may have.

    Returns
    -------
    str
        The page from doctype to end.

    Raises
    ------
    PublishingError
        When the page is not safe, alone and navigable, is too large, or shows a number that is no
        claim.
    """
    html = render_body(
        "page.html.j2",
        page=page,
        about=Markup(about),  # noqa: S704
        outline=outline_body(body, taken=PAGE_IDS),
        style=_style_sheet(),
    )
    _require_size(html, page.title, limit)
    reading = read_page(html, page.title)
    require_sound(reading, page.title)
    if claimed:
        require_claimed_numbers(reading, page.title)
    return html


def _require_size(html: str, page: str, limit: int) -> None:
    size = len(html.encode())
    if size > limit:
        raise PublishingError(
            f"The page “{page}” is too large for a browser to open with ease.",
            offenders=[f"{page}: {size:,} bytes"],
            expected=f"at most {limit:,} bytes",
            remedy="show less in one cell, or leave long lists of segments to pages of their own",
        )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _style_sheet() -> StyleSheet:
    text = "\n" + (TEMPLATES / "style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return StyleSheet(Markup(text), Markup(f"'sha256-{digest}'"))  # noqa: S704
