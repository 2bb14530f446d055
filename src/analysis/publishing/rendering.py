"""Self-contained pages: a body, with the header, contents and footer that every page has."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import jinja2
from markupsafe import Markup, escape

from analysis.errors import PublishingError
from analysis.publishing.claim_check import require_claimed_numbers
from analysis.publishing.html_reader import ParsedHtml, parse_html
from analysis.publishing.html_safety import HEADINGS, require_safe
from analysis.publishing.templates import TEMPLATES
from analysis.study.digests import digest_text
from analysis.study.language import current_language, translate, translate_number, write_number
from analysis.study.slugs import slugify, unique_slug

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.publishing.html_reader import PageLinks, Tag

# In bytes; the largest page of the demonstration study has a million.
PAGE_LIMIT = 5_000_000
PAGE_IDS = frozenset({"main", "closed", "colophon"})
# The element of the page template whose place the body takes.
BODY_ELEMENT = "report-body"
# The table of contents leaves out the headings inside of these.
ASIDES = frozenset({"article", "aside", "details", "figure", "nav", "table"})
LISTED = frozenset({2, 3})
CLOSE = '<a class="close" href="#closed">{}</a>'

# What of a style sheet only those who edit it need: comments, and space next to punctuation.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")


@dataclass(frozen=True)
class Page:
    """The title, links and provenance around the body of a page.

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
        The language that the page is written in, ISO 639.
    crumbs : tuple of (str, str or None)
        The way to this page: titles with their relative links; the last one is the page itself.
    facts : tuple of (str, str)
        Terms and values shown under the title.
    provenance : tuple of (str, str)
        Terms and values of what made the page.
    source_notebook : str
        Relative link to the executed notebook, or nothing.
    names : tuple of str
        Names of places with numbers in them, which are no claims.
    """

    title: str
    kicker: str = ""
    study_title: str = ""
    synthetic: bool = False
    language: str = field(default_factory=current_language)
    crumbs: tuple[tuple[str, str | None], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()
    source_notebook: str = ""
    names: tuple[str, ...] = ()


class RenderedPage(NamedTuple):
    """A page from doctype to end, and its links to other pages of its folder."""

    html: str
    links: PageLinks


class Heading(NamedTuple):
    """A heading that the table of contents lists: its level, its id and its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Outline:
    """The body of a page whose headings have ids.

    Parameters
    ----------
    body : ParsedHtml
        The body, with an id on each heading and a link that closes each sheet.
    headings : list of Heading
        The headings of levels 2 and 3 that are not inside of an aside, in their order.
    """

    body: ParsedHtml
    headings: list[Heading] = field(default_factory=list)

    @property
    def sections(self) -> list[tuple[Heading, list[Heading]]]:
        """The headings of level 2, each with those of level 3 below it."""
        starts = [at for at, heading in enumerate(self.headings) if heading.level == min(LISTED)]
        return [
            (
                self.headings[start],
                [*takewhile(lambda each: each.level != min(LISTED), self.headings[start + 1 :])],
            )
            for start in starts
        ]

    @property
    def has_claims(self) -> bool:
        """Whether the body shows claims that are links to their evidence."""
        return any(tag.name == "a" and "data-claim" in tag.attributes for tag in self.body.kinds)


class _Allowed(NamedTuple):
    """The one style sheet or script of a page, and the hash by which its policy allows it."""

    text: Markup
    source: Markup


NO_SCRIPT = _Allowed(Markup(), Markup())


def render_body(template: str, **context: Any) -> str:  # noqa: ANN401
    """Return the body of a page from one of the page templates.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/pages``.
    **context : Any
        What the template names; a name that is missing is an error, text is escaped.
    """
    return _environment().get_template(template).render(**context)


def compile_templates() -> None:
    """Compile the templates of all pages, as the first page of each kind does otherwise."""
    for template in _environment().list_templates():
        _environment().get_template(template)


def render_page(
    body: str,
    page: Page,
    *,
    about: str = "",
    claimed: bool = False,
    filtered: bool = False,
) -> RenderedPage:
    """Return a body as a self-contained page.

    Parameters
    ----------
    body : str
        Trusted HTML in which all text is escaped.
    about : str, optional
        HTML that is folded away under the title.
    claimed : bool, optional
        Whether each number of the page must be a claim.
    filtered : bool, optional
        Whether the page has the one script of ours, which filters listed passages.

    Raises
    ------
    PublishingError
        When the page holds a script, an inline style, an outside resource, a repeated id or a link
        within itself that leads nowhere, is too large, or shows a number that is no claim.
    """
    outline = outline_body(parse_html(body, page.title), taken=PAGE_IDS)
    script = _script() if filtered else NO_SCRIPT
    around = render_body(
        "page.html.j2",
        page=page,
        about=Markup(about),  # noqa: S704
        outline=outline,
        style=_style_sheet(),
        script=script,
    )
    parsed = parse_html(around, page.title).fill(BODY_ELEMENT, outline.body)
    html = parsed.html
    _require_size(html, page.title)
    require_safe(parsed, page.title, script.text)
    if claimed:
        require_claimed_numbers(parsed, page.title, page.names)
    return RenderedPage(html, parsed.links)


def outline_body(body: ParsedHtml, *, taken: Collection[str] = ()) -> Outline:
    """Return a body with unique ids on its headings, and its headings for the table of contents.

    Evidence (``article.evidence-entry``) becomes a sheet: as the target of a link it is over the
    page, so that a reader keeps the place. For this it can take the focus, and starts with a link
    that closes it.

    Parameters
    ----------
    taken : collection of str, optional
        Ids that the page around the body uses.

    Examples
    --------
    >>> outline_body(parse_html("<h2>What was heard</h2>", "Africa")).body.html
    '<h2 id="what-was-heard">What was heard</h2>'
    """
    ids = {*taken, *body.ids}
    close = parse_html(CLOSE.format(escape(translate("Close"))), "")
    tags: list[Tag] = []
    texts: list[str] = []
    outline = Outline(ParsedHtml(body.start, tags, texts))
    done = asides = 0
    for at, tag in body.find({tag for tag in body.kinds if _is_point(tag)}):
        if tag.name in ASIDES:
            asides += tag.depth
        if tag.name in HEADINGS:
            words = _words_of(body, at)
            anchor = tag.attributes.get("id") or unique_slug(slugify(words), ids)
            ids.add(anchor)
            if HEADINGS[tag.name] in LISTED and not asides:
                outline.headings.append(Heading(HEADINGS[tag.name], anchor, words))
            if tag.attributes.get("id"):
                continue
            new_tags, new_texts = [tag.with_attribute("id", anchor)], [body.texts[at]]
        elif _is_sheet(tag):
            new_tags = [tag.with_attribute("tabindex", "-1"), *close.tags]
            new_texts = ["", close.texts[0], body.texts[at]]
        else:
            continue
        tags += [*body.tags[done:at], *new_tags]
        texts += [*body.texts[done:at], *new_texts]
        done = at + 1
    tags += body.tags[done:]
    texts += body.texts[done:]
    return outline


def _is_point(tag: Tag) -> bool:
    """Return whether an outline depends on a tag."""
    is_heading = HEADINGS.get(tag.name, 1) > 1
    return tag.name in ASIDES or (tag.depth > 0 and (is_heading or _is_sheet(tag)))


def _is_sheet(tag: Tag) -> bool:
    return tag.name == "article" and "evidence-entry" in tag.attributes.get("class", "").split()


def _words_of(body: ParsedHtml, at: int) -> str:
    """Return the words of the element that starts at a tag, without markup."""
    depth = 0
    for end in range(at, len(body.tags)):
        depth += body.tags[end].depth
        if not depth:
            break
    return " ".join(unescape("".join(body.texts[at:end])).split())


def _require_size(html: str, page: str) -> None:
    size = len(html.encode())
    if size > PAGE_LIMIT:
        raise PublishingError(
            f"The page “{page}” is too large for a browser to open with ease.",
            offenders=[f"{page}: {size:,} bytes"],
            expected=f"at most {PAGE_LIMIT:,} bytes",
            remedy="show less in one cell, or leave long lists of segments to pages of their own",
        )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(_=translate, ngettext=translate_number, write_number=write_number)
    return environment


@cache
def _style_sheet() -> _Allowed:
    written = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    return _allow(_SPACE.sub(r"\1", _COMMENT.sub("", written)).replace(";}", "}").strip())


@cache
def _script() -> _Allowed:
    return _allow((TEMPLATES / "filter.js").read_text(encoding="utf-8"))


def _allow(text: str) -> _Allowed:
    digest = base64.b64encode(bytes.fromhex(digest_text(text))).decode()
    return _Allowed(Markup(text), Markup(f"'sha256-{digest}'"))  # noqa: S704
