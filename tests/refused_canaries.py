"""Canaries in files that an import refuses, each for what is where somebody is described.

To cover one more refusal, add a row: what is wrong, the file with ``{0}`` for the canary, and for
coded data what a mapping says of it.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from canaries import Canary, Planting
from intake.coded.test_refi import GUID
from intake.filled_templates import Filling, fill_docx, fill_pdf
from sent_canaries import csv_of, in_part, survey_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GROUP = "focus_group,held_on,scope,places,consent,id,text,code,coder"
KENYA = "new,2020-11-01,country,KEN,public"
SUBMISSION = """\
Country: {place}
Date: {day}
Contact person: {{0.name}}

EMERGING PATTERNS

- {{0.text}}
{more}"""


@dataclass(frozen=True)
class Refused(Planting):
    """A file that is refused.

    Parameters
    ----------
    ending : str
        How its name ends.
    content : str, bytes or callable
        What it holds, with ``{0}`` for the canary; or what makes it, given the canary.
    mapping : str or None
        What a mapping says of it, with ``{0}`` for the canary.
    options : tuple of str
        What else the import is reported.
    names_coder : bool
        Whether it is refused for a coder whom the study lacks: that name alone is shown, to whoever
        imports the file and has to find it there.
    """

    ending: str = ".csv"
    content: str | bytes | Callable[[Canary], bytes] = b""
    mapping: str | None = None
    options: tuple[str, ...] = ()
    names_coder: bool = False

    def write(self, folder: Path) -> Path:
        """Write the file, named after its place, and return it."""
        path = folder / f"{self.place.replace(' ', '-')}{self.ending}"
        content = self.content
        if isinstance(content, str):
            content = content.format(self.canary).encode()
        path.write_bytes(content if isinstance(content, bytes) else content(self.canary))
        return path

    def arguments(self, folder: Path) -> tuple[object, ...]:
        """Write the file and its mapping, and return what an import is given."""
        path = self.write(folder)
        if self.mapping is None:
            return (path, *self.options)
        mapping = path.with_suffix(".yaml")
        mapping.write_text(self.mapping.format(self.canary), encoding="utf-8")
        return (path, "--mapping", mapping, *self.options)


def _refused(
    place: str, ending: str, content: str | bytes | Callable[[Canary], bytes], **more: object
) -> Refused:
    return Refused(place, lambda *_: None, ending=ending, content=content, **more)


def filled(canary: Canary, **facts: str) -> Filling:
    """Return what a host fills in, telling of somebody in an answer."""
    reported = {"place": "Kenya", "held_on": "2020-09-26", **facts}
    return Filling({"emerging.patterns": [("point", canary.text)]}, reported, contact=canary.text)


def survey(canary: Canary, **facts: str) -> bytes:
    """Return a survey that says something else of the focus group."""
    first, second, row = survey_rows(7, lambda _: canary)
    said = {"Kenya": facts.get("place", "Kenya"), "2020-09-07": facts.get("held_on", "2020-09-07")}
    return csv_of([first, second, [said.get(held, held) for held in row]])


UNREADABLE = (
    _refused("a letter", ".txt", "Dear {0.name},\n{0.text}\n"),
    _refused("a text that is not UTF-8", ".txt", lambda who: who.text.encode() + b"\xe9\n"),
    _refused(
        "a question answered again",
        ".txt",
        SUBMISSION.format(
            place="Kenya", day="2020-09-26", more="\nEMERGING PATTERNS\n\n- {0.contact}\n"
        ),
    ),
    _refused("a page that is no template", ".html", "<html><p>{0.text}</p></html>"),
    _refused(
        "a PDF behind a password",
        ".pdf",
        lambda who: fill_pdf(filled(who), password=who.slug, author=who.name),
    ),
    _refused("a PDF cut short", ".pdf", lambda who: fill_pdf(filled(who), author=who.name)[:900]),
    _refused("a Word document cut short", ".docx", lambda who: fill_docx(filled(who))[:-300]),
    _refused(
        "a Word document that is not sound",
        ".docx",
        lambda who: in_part(
            fill_docx(filled(who)), "word/document.xml", ("</w:body>", f"<{who.slug}></w:body>")
        ),
    ),
    _refused(
        "a Word document that declares entities",
        ".docx",
        lambda who: in_part(
            fill_docx(filled(who)),
            "word/document.xml",
            ("<w:document", f'<!DOCTYPE d [<!ENTITY e "{who.text}">]><w:document'),
        ),
    ),
    _refused("a text by the name of a document", ".docx", "{0.text}"),
    _refused("a survey of something else", ".csv", 'Name,Wish\n,\n{0.name},"{0.text}"\n'),
    _refused("a survey without responses", ".csv", "What gives us hope?,{0.name}\n,\n,\n"),
)
UNUSABLE = (
    *(
        _refused(f"{what} of a text", ".txt", SUBMISSION.format(**{**KNOWN, what: "{0.name}"}))
        for KNOWN in ({"place": "Kenya", "day": "2020-09-26", "more": ""},)
        for what in ("place", "day")
    ),
    _refused(
        "place of a Word document", ".docx", lambda who: fill_docx(filled(who, place=who.text))
    ),
    _refused("day of a PDF", ".pdf", lambda who: fill_pdf(filled(who, held_on=who.name))),
    _refused("place of a survey", ".csv", lambda who: survey(who, place=who.name)),
    _refused("day of a survey", ".csv", lambda who: survey(who, held_on=who.text)),
)


def coded(place: str, *rows: str, **more: object) -> Refused:
    """Return a table of codings that is refused for one of its rows."""
    return _refused(place, ".csv", "\n".join([GROUP, *rows, ""]), **more)


REFI = (
    '<Project xmlns="urn:QDA-XML:project:1.0" name="{0.name}" basePath="/home/{0.slug}">'
    '<Users><User guid="' + GUID.format(1) + '" name="{0.name}"/></Users>'
)


def refi(rest: str) -> Callable[[Canary], bytes]:
    """Return what makes a REFI-QDA project that goes on so."""

    def make(canary: Canary) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            archive.writestr(f"{canary.slug}.qde", (REFI + rest).format(canary))
        return written.getvalue()

    return make


REFUSED = (
    coded("a code of nobody", f'{KENYA},1,Fear.,"{{0.text}}",ann'),
    coded("a coder without a pseudonym", f"{KENYA},1,Fear.,stigma,{{0.name}}", names_coder=True),
    coded("an id of a focus group", "{0.name},2020-11-01,country,KEN,public,1,Fear.,stigma,ann"),
    coded("a day of a document", "new,{0.name},country,KEN,public,1,Fear.,stigma,ann"),
    coded("a scope of a document", "new,2020-11-01,{0.name},KEN,public,1,Fear.,stigma,ann"),
    coded("a place of a document", "new,2020-11-01,country,{0.name},public,1,Fear.,stigma,ann"),
    coded("a consent of a document", "new,2020-11-01,country,KEN,{0.name},1,Fear.,stigma,ann"),
    coded(
        "a document of two minds",
        f"{KENYA},1,Fear.,stigma,ann",
        "new,2020-11-01,country,{0.name},public,2,Fear.,stigma,ann",
    ),
    coded(
        "a selection of two minds",
        f'{KENYA},{{0.slug}},"{{0.text}}",stigma,ann',
        f"{KENYA},{{0.slug}},Fear.,stigma,ann",
    ),
    coded("a row of a coding too long", f'{KENYA},1,"{{0.text}}",stigma,ann,"{{0.text}}"'),
    coded("a quote in a coding", f'{KENYA},1,"{{0.text}}"{{0.name}},stigma,ann'),
    _refused("a table of no kind", ".csv", 'who,{0.name}\n"{0.text}",x\n'),
    _refused(
        "a wide table",
        ".csv",
        'document,text,Fear\na,"{0.text}","{0.text}"\n',
        mapping="columns: {{codes: [Fear]}}\n",
    ),
    _refused(
        "highlights of Taguette again",
        ".csv",
        'id,document,tag,content\n1,"{0.name}",stigma,"{0.text}"\n1,"{0.name}",x,Other.\n',
    ),
    _refused(
        "a tag of Taguette", ".csv", 'id,document,tag,content\n1,"{0.name}","{0.text}","{0.text}"\n'
    ),
    _refused(
        "a segment of MAXQDA",
        ".csv",
        "Document group,Document name,Code,Segment,Created by\n"
        ',"{0.name}",stigma,"{0.text}","{0.name}"\n',
        names_coder=True,
    ),
    _refused(
        "an excerpt of Dedoose",
        ".csv",
        "Media Title,Excerpt Range,Excerpt Creator,Excerpt Copy,Code: {0.name} Applied\n"
        '"{0.name}",1-5,"{0.name}","{0.text}",True\n',
        names_coder=True,
    ),
    _refused(
        "a quotation of ATLAS.ti",
        ".csv",
        "ID,Document,Quotation Content,Codes,Comment,Created by\n"
        '1:1,"{0.name}","{0.text}",stigma,"{0.text}","{0.name}"\n',
        names_coder=True,
    ),
    _refused(
        "a coding of QualCoder",
        ".csv",
        "File,Coder,Coded,Id,Codename,Coded_Memo,Category\n"
        '"{0.name}","{0.name}","{0.text}",ctid:1,"{0.name}","{0.text}","{0.name}"\n',
        names_coder=True,
    ),
    _refused(
        "a reference of NVivo",
        ".txt",
        "Name: {0.name}\nFiles\\\\{0.name} - \u00a7 1 reference coded [1.0% Coverage]\n"
        "Reference 1 - 1.0% Coverage\n{0.text}\n",
    ),
    _refused("a matrix of NVivo", ".csv", ",A : {0.name}\n1 : {0.name},2\n"),
    _refused("a project cut short", ".qdpx", refi("<{0.slug}>")),
    _refused(
        "a project with a code that is there twice",
        ".qdpx",
        refi(
            "<CodeBook><Codes>"
            + 2 * f'<Code guid="{GUID.format(2)}" name="{{0.name}}"/>'
            + "</Codes></CodeBook></Project>"
        ),
    ),
    _refused("a project of nothing", ".qdpx", refi("</Project>"), names_coder=True),
    _refused("a codebook that is not sound", ".qdc", "<CodeBook><{0.slug} {0.text}></CodeBook>"),
    _refused(
        "a database cut short", ".sqlite3", lambda who: b"SQLite format 3\0" + who.text.encode() * 9
    ),
    coded("a mapping of nobody", f"{KENYA},1,Fear.,stigma,ann", mapping="{0.slug}: x\n"),
    coded(
        "a mapping that is no YAML", f"{KENYA},1,Fear.,stigma,ann", mapping="coders: *{0.slug}\n"
    ),
    coded(
        "a mapping of documents",
        f"{KENYA.removesuffix('public')},1,Fear.,stigma,ann",
        mapping='documents: {{"{0.name}": {{places: KEN}}}}\n',
    ),
    coded(
        "a mapping of facts",
        f"{KENYA},1,Fear.,stigma,ann",
        mapping='documents: {{new: {{"{0.name}": KEN}}}}\n',
    ),
    coded(
        "a mapping of codes",
        f"{KENYA},1,Fear.,stigma,ann",
        mapping='codes: {{stigma: "{0.name}"}}\n',
    ),
    coded(
        "a mapping of columns",
        f"{KENYA},1,Fear.,stigma,ann",
        mapping='columns: {{text: "{0.name}"}}\n',
    ),
    coded("a mapping of cells", f"{KENYA},1,Fear.,stigma,ann", mapping='cell: "{0.name}"\n'),
)
