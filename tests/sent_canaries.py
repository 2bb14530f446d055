"""Canaries in files that hosts send and tools export, and each place in these that can hold one.

To cover one more place, name it in the row of its file and plant it where the file is made: what is
named and not planted, or planted and not named, fails.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import struct
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import docx
import openpyxl
from docx.opc.constants import RELATIONSHIP_TYPE

from analysis.study.instrument import read_instrument
from canaries import Canary, Planting
from intake.filled_templates import FACTS, Filling, fill_docx, fill_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    Whose = Callable[[str], Canary]

CODE, CODER = "Stigma", "ann"
DOCUMENT = "name of a document"
NAMED_CODER = "name of a coder"
CORE = ("author", "last_modified_by", "comments", "title", "subject", "keywords", "category")
BOOK = ("creator", "lastModifiedBy", "description", "title", "subject", "keywords", "category")


@dataclass(frozen=True)
class Sent:
    """A file as somebody sends it.

    Parameters
    ----------
    what : str
        What it is, in words.
    ending : str
        How its name ends.
    make : callable
        Makes it, given the people that each of its places names.
    places : tuple of str
        Its places that can hold somebody; its own name is one too.
    """

    what: str
    ending: str
    make: Callable[[Whose], bytes]
    places: tuple[str, ...]

    def whose(self, place: str) -> Canary:
        """Return who is described in a place, which must be one of them."""
        if place not in self.places:
            raise KeyError(place)
        return Canary(f"{place} of {self.what}")

    @property
    def named_after(self) -> Planting:
        """Who gives the file its name."""
        return _planting(f"name of {self.what}")

    @property
    def plantings(self) -> tuple[Planting, ...]:
        """Who is described in it."""
        return tuple(_planting(f"{place} of {self.what}") for place in self.places)

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.named_after.canary.slug}{self.ending}"

    @property
    def content(self) -> bytes:
        """What it holds."""
        return self.make(self.whose)


def _planting(place: str) -> Planting:
    return Planting(place, lambda *_: None)


def filling(number: int, whose: Whose) -> Filling:
    """Return what a host fills in, with contacts where there are fields for them and elsewhere."""
    day = {"held_on": f"2020-09-{number:02}"}
    organiser = {"organiser": f"A network, {whose('fact').contact}"}
    answers = {
        "reaching_person.hope": [
            ("prose", f"Group {number} hopes."),
            ("point", f"Write to {whose('answer').contact}"),
        ]
    }
    return Filling(answers, {**FACTS, **day, **organiser}, contact=whose("contact").text)


def word_document(whose: Whose) -> bytes:
    """Return a Word document with properties, comments, a header, a footer and a link."""
    document = docx.Document(io.BytesIO(fill_docx(filling(1, whose))))
    for name in CORE:
        setattr(document.core_properties, name, whose(name).text)
    answer = next(each for each in _paragraphs_in(document) if each.text == "Group 1 hopes.")
    for place, look in HIDDEN_LOOKS.items():
        setattr(answer.add_run(whose(place).text).font, look, True)
    paragraph = document.paragraphs[0]
    comment, author = whose("comment"), whose("author of a comment")
    document.add_comment(paragraph.add_run(""), text=comment.text, author=author.name, initials="")
    for place, part in (
        ("header", document.sections[0].header),
        ("footer", document.sections[0].footer),
    ):
        part.paragraphs[0].text = whose(place).contact
    document.add_picture(io.BytesIO(image(whose)))
    target = f"mailto:{whose('link').mail}"
    document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    saved = io.BytesIO()
    document.save(saved)
    company = f"<Company>{whose('company').text}</Company>"
    return in_part(
        saved.getvalue(), "docProps/app.xml", ("</Properties>", f"{company}</Properties>")
    )


HIDDEN_LOOKS = {"hidden text": "hidden", "struck-out text": "strike"}


def _paragraphs_in(document: Document) -> Iterator[Paragraph]:
    """Yield the paragraphs of the last cell of each row of each table."""
    for table in document.tables:
        for row in table.rows:
            yield from row.cells[-1].paragraphs


def image(whose: Whose) -> bytes:
    """Return an image of one dot, with what cameras and programs write into images."""
    exif = b"MM\x00*\x00\x00\x00\x08\x00\x00" + whose("EXIF of an image").text.encode()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Author\x00" + whose("text of an image").text.encode("latin-1", "replace")),
        (b"eXIf", exif),
        (b"IDAT", zlib.compress(b"\x00\x00")),
        (b"IEND", b""),
    )
    written = (
        struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
        for kind, held in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def in_part(archive: bytes, name: str, change: tuple[str, str]) -> bytes:
    """Return an archive with a text in one of its parts replaced by another."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for each in old.namelist():
            held = old.read(each)
            new.writestr(each, held.replace(*map(str.encode, change)) if each == name else held)
    return written.getvalue()


def printed(whose: Whose) -> bytes:
    """Return a PDF with properties, and a contact at the foot of each page."""
    return fill_pdf(
        filling(2, whose),
        running=whose("footer").mail,
        **{name: whose(name).text for name in ("author", "title", "subject", "keywords")},
    )


def page(whose: Whose) -> bytes:
    """Return a page of HTML with what a browser does not show."""
    filled, section = filling(3, whose), "reaching_person"
    heading = next(x.heading for x in read_instrument().sections if x.section == section)
    answers = filled.answers[f"{section}.hope"]
    asked = read_instrument().question_text(f"{section}.hope")
    labels = read_instrument().form.facts
    facts = "".join(f"<p>{labels[fact]}: {held}</p>" for fact, held in filled.facts.items())
    hidden = f'<p style="display:none">{whose("hidden text").text}</p>'
    rows = f"<tr><td>{asked}</td><td>{''.join(_marked_up(answers))}{hidden}</td></tr>"
    contacts = "".join(f"<p>{x}: {filled.contact}</p>" for x in read_instrument().form.contacts)
    return (
        f"<html><head><title>{whose('title').text}</title>"
        f'<meta name="author" content="{whose("author").text}"></head><body>'
        f"<!-- {whose('comment').text} --><script>{whose('script').text}</script>"
        f"{facts}<h2>{heading}</h2><table>{rows}</table>{contacts}</body></html>"
    ).encode()


def _marked_up(answer: Iterable[tuple[str, str]]) -> Iterable[str]:
    for role, text in answer:
        yield f"<p>{escape(text)}</p>" if role == "prose" else f"<ul><li>{escape(text)}</li></ul>"


def plain_text(whose: Whose) -> bytes:
    """Return a text as converters leave it."""
    return (
        f"Country: Kenya\nDate: 2020-09-04\nOrganisation: A network, {whose('fact').contact}\n"
        f"Contact person: {whose('contact').text}\n\nEMERGING PATTERNS\n\n- Group 4 hopes.\n"
        f"- Write to {whose('answer').contact}\n"
    ).encode()


SURVEY_WHO = ("Respondent ID", "IP Address", "Email Address", "First Name", "Last Name")
ASKED_TOO = "Who else should we invite?"


def survey_rows(number: int, whose: Whose) -> list[list[str]]:
    """Return the export of a survey in which each column on people names somebody else."""
    instrument = read_instrument()
    who = (*SURVEY_WHO, *instrument.form.contacts, ASKED_TOO)
    first, second = [*who], [""] * len(who)
    row = [whose(name).text for name in SURVEY_WHO]
    row += [whose("contact").text] * len(instrument.form.contacts) + [whose(ASKED_TOO).text]
    for cell_or_fact, label in (
        *instrument.form.facts.items(),
        *((cell, instrument.question_text(cell)) for cell in instrument.cells),
    ):
        filled = filling(number, whose)
        answer = "\n".join(text for _, text in filled.answers.get(cell_or_fact, ()))
        first.append(label)
        second.append("Open-Ended Response")
        row.append(filled.facts.get(cell_or_fact, answer))
    return [first, second, row]


def csv_of(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def workbook_of(rows: Iterable[Iterable[object]], whose: Whose) -> bytes:
    """Return rows as a workbook with properties, a named sheet, another sheet and a comment."""
    book = openpyxl.Workbook()
    book.active.title = whose("sheet").name[:31]
    cells: list[object] = []
    for row in rows:
        cells = list(row)
        book.active.append(cells)
    book.active.append([f"{cell} {whose('hidden row').text}" for cell in cells])
    book.active.row_dimensions[book.active.max_row].hidden = True
    book.active["A2"].comment = openpyxl.comments.Comment(
        whose("comment").text, whose("author of a comment").name
    )
    book.create_sheet("Notes").append(["note", whose("cell of another sheet").text])
    for name in BOOK:
        setattr(book.properties, name, whose(name).text)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


IN_BOOKS = ("hidden row", "sheet", "comment", "author of a comment", "cell of another sheet", *BOOK)
FILLED = ("fact", "answer", "contact")
SURVEYED = (*FILLED, *SURVEY_WHO, ASKED_TOO)
SUBMISSIONS = (
    Sent(
        "a Word document",
        ".docx",
        word_document,
        (
            *(*FILLED, *CORE, "company", "comment", "author of a comment"),
            *("header", "footer", "link", "text of an image", "EXIF of an image"),
            *HIDDEN_LOOKS,
        ),
    ),
    Sent("a PDF", ".pdf", printed, (*FILLED, "footer", "author", "title", "subject", "keywords")),
    Sent(
        "a page",
        ".html",
        page,
        (*FILLED, "title", "author", "comment", "script", "hidden text"),
    ),
    Sent("a text", ".txt", plain_text, FILLED),
    Sent("a survey", ".csv", lambda whose: csv_of(survey_rows(5, whose)), SURVEYED),
    Sent(
        "a survey as a workbook",
        ".xlsx",
        lambda whose: workbook_of(survey_rows(6, whose), whose),
        (*SURVEYED, *IN_BOOKS),
    ),
)

GUID = "0000000{}-0000-4000-8000-000000000000"


def refi_project(whose: Whose) -> bytes:
    """Return a REFI-QDA project with paths, users, memos, cases, sets and links."""
    guids = [GUID.format(number) for number in range(10)]
    spoken = "Words of a project."
    user = whose("creatingUser").name
    xml = (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="{whose("title").name}" '
        f'basePath="/home/{whose("basePath").slug}" creatingUserGUID="{guids[1]}">'
        f'<Users><User guid="{guids[1]}" name="{whose(NAMED_CODER).name}" '
        f'id="{whose("id of a coder").slug}"/><User guid="{guids[0]}" name="{user}"/></Users>'
        f'<CodeBook><Codes><Code guid="{guids[2]}" name="{CODE}" isCodable="true">'
        f'<NoteRef targetGUID="{guids[3]}"/></Code></Codes></CodeBook>'
        f'<Variables><Variable guid="{guids[7]}" name="{whose("variable").name}" '
        'typeOfVariable="Text"/></Variables>'
        f'<Cases><Case guid="{guids[8]}" name="{whose("case").name}"><Description>'
        f"{whose('description of a case').text}</Description><VariableValue>"
        f'<VariableRef targetGUID="{guids[7]}"/><TextValue>{whose("value").text}</TextValue>'
        f'</VariableValue><SourceRef targetGUID="{guids[4]}"/></Case></Cases>'
        f'<Sources><TextSource guid="{guids[4]}" name="{whose(DOCUMENT).name}" '
        f'plainTextPath="internal://{whose("path").slug}.txt" creatingUser="{guids[0]}" '
        f'richTextPath="relative:///{whose("relative path").slug}.docx">'
        f"<Description>{whose('description of a document').text}</Description>"
        f'<PlainTextSelection guid="{guids[5]}" name="{whose("name of a selection").text}" '
        f'startPosition="0" endPosition="{len(spoken)}" creatingUser="{guids[0]}">'
        f"<Description>{whose('description of a selection').text}</Description>"
        f'<Coding guid="{guids[6]}" creatingUser="{guids[1]}"><CodeRef targetGUID="{guids[2]}"/>'
        f"</Coding></PlainTextSelection></TextSource></Sources>"
        f'<Notes><Note guid="{guids[3]}" name="{whose("name of a memo").name}" '
        f'plainTextPath="internal://memo.txt"><PlainTextContent>{whose("memo").text}'
        "</PlainTextContent></Note></Notes>"
        f'<Sets><Set guid="{guids[9]}" name="{whose("set").name}"/></Sets></Project>'
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"{whose('name of the project').slug}.qde", xml)
        unselected = f"{spoken} {whose('words that nobody selected').text}"
        archive.writestr(f"sources/{whose('path').slug}.txt", unselected)
        archive.writestr("sources/memo.txt", whose("text of a memo").text)
        archive.comment = whose("comment").text.encode()
    return written.getvalue()


def database(*statements: tuple[str, tuple[str, ...]] | str) -> bytes:
    """Return a database."""
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in statements:
            made.execute(*((statement,) if isinstance(statement, str) else statement))
        made.commit()
        return made.serialize()


def taguette_project(whose: Whose) -> bytes:
    """Return a project of Taguette, with its users and its log of commands."""
    said = "Words of a database."
    return database(
        "CREATE TABLE users (login TEXT, email TEXT)",
        ("INSERT INTO users VALUES (?, ?)", (whose("login").slug, whose("e-mail").mail)),
        "CREATE TABLE commands (id INTEGER, user_login TEXT, payload TEXT)",
        ("INSERT INTO commands VALUES (1, ?, ?)", (whose("user").slug, whose("command").text)),
        "CREATE TABLE projects (id INTEGER, name TEXT, description TEXT)",
        ("INSERT INTO projects VALUES (1, ?, ?)", (whose("title").name, whose("project").text)),
        (
            "CREATE TABLE documents (id INTEGER, name TEXT, description TEXT, filename TEXT, "
            "contents TEXT)"
        ),
        (
            "INSERT INTO documents VALUES (1, ?, ?, ?, ?)",
            (
                whose(DOCUMENT).name,
                whose("description of a document").text,
                whose("file of a document").slug,
                f"<p>{said}</p><p>{whose('words that nobody selected').text}</p>",
            ),
        ),
        "CREATE TABLE tags (id INTEGER, path TEXT, description TEXT)",
        ("INSERT INTO tags VALUES (1, ?, ?)", (CODE, whose("description of a tag").text)),
        (
            "CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, "
            "end_offset INTEGER, snippet TEXT)"
        ),
        ("INSERT INTO highlights VALUES (1, 1, 0, 20, ?)", (said,)),
        "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)",
        "INSERT INTO highlight_tags VALUES (1, 1)",
    )


def qualcoder_project(whose: Whose) -> bytes:
    """Return a project of QualCoder, with memos and owners."""
    said = "Words of a coder."
    return database(
        "CREATE TABLE project (databaseversion TEXT, memo TEXT, codername TEXT)",
        ("INSERT INTO project VALUES ('v10', ?, ?)", (whose("memo").text, whose("codername").name)),
        (
            "CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, "
            "memo TEXT, owner TEXT)"
        ),
        (
            "INSERT INTO source VALUES (1, ?, ?, ?, ?, ?)",
            (
                whose(DOCUMENT).name,
                f"{said} {whose('words that nobody selected').text}",
                None,
                whose("memo of a document").text,
                whose("owner of a document").name,
            ),
        ),
        "CREATE TABLE code_cat (catid INTEGER, name TEXT, supercatid INTEGER, memo TEXT)",
        "CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER, owner TEXT)",
        (
            "INSERT INTO code_name VALUES (1, ?, ?, NULL, ?)",
            (CODE, whose("memo of a code").text, whose("owner of a code").name),
        ),
        (
            "CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, "
            "pos1 INTEGER, owner TEXT, memo TEXT)"
        ),
        (
            "INSERT INTO code_text VALUES (1, 1, ?, 0, 17, ?, ?)",
            (said, whose(NAMED_CODER).name, whose("memo of a coding").text),
        ),
        "CREATE TABLE journal (jid INTEGER, name TEXT, jentry TEXT, owner TEXT)",
        (
            "INSERT INTO journal VALUES (1, ?, ?, ?)",
            tuple(whose(f"{what} of a journal").text for what in ("name", "words", "owner")),
        ),
        "CREATE TABLE cases (caseid INTEGER, name TEXT)",
        ("INSERT INTO cases VALUES (1, ?)", (whose("case").name,)),
        "CREATE TABLE annotation (anid INTEGER, memo TEXT, date TEXT)",
        ("INSERT INTO annotation VALUES (1, ?, '')", (whose("annotation").text,)),
    )


def table(**columns: str) -> Callable[[Whose], list[list[str]]]:
    """Return what makes rows: each column holds a text, or the people of `@PLACE`."""

    def rows(whose: Whose) -> list[list[str]]:
        filled = [
            whose(held[1:]).text if held.startswith("@") else held for held in columns.values()
        ]
        return [[name.replace("__", ": ").replace("_", " ") for name in columns], filled]

    return rows


def in_books(rows: Callable[[Whose], list[list[str]]]) -> Callable[[Whose], bytes]:
    """Return what makes a workbook of rows."""
    return lambda whose: workbook_of(rows(whose), whose)


DEDOOSE = table(
    Media_Title=f"@{DOCUMENT}",
    Excerpt_Range="1-5",
    Excerpt_Creator=f"@{NAMED_CODER}",
    **{"Excerpt_Copy": "Words of a workbook.", f"Code__{CODE}_Applied": "True"},
    Resource_Creator="@creator of a resource",
    Memo="@memo",
)
MAXQDA = table(
    Document_group="@group of documents",
    Document_name=f"@{DOCUMENT}",
    Code=CODE,
    Segment="Words of a segment.",
    Created_by=f"@{NAMED_CODER}",
    Comment="@memo",
    Modified_by="@modified by",
)
ATLAS_TI = table(
    ID="1:1",
    Document=f"@{DOCUMENT}",
    Quotation_Content="Words of a quotation.",
    Quotation_Name="@name of a quotation",
    Codes=CODE,
    Comment="@memo",
    Created_by=f"@{NAMED_CODER}",
    Modified_by="@modified by",
)
TAGUETTE = table(id="1", document=f"@{DOCUMENT}", tag=CODE, content="Words of a highlight.")
QUALCODER = table(
    File=f"@{DOCUMENT}",
    Coder=f"@{NAMED_CODER}",
    Coded="Words of a report.",
    Id="ctid:1",
    Codename=CODE,
    Coded_Memo="@memo",
    FileVar_age="@variable",
)
LONG = table(
    document=f"@{DOCUMENT}",
    text="Words of a table.",
    code=CODE,
    coder=f"@{NAMED_CODER}",
    email="@e-mail",
    note="@note",
)


def references(whose: Whose) -> bytes:
    """Return references coded at a node, as text."""
    source = f"Files\\\\{whose('folder').slug}\\{whose(DOCUMENT).name}"
    return (
        f"Name: {CODE}\n{source} - \u00a7 1 reference coded [1.0% Coverage]\n"
        "Reference 1 - 1.0% Coverage\nWords of a reference.\n"
    ).encode()


def as_csv(rows: Callable[[Whose], list[list[str]]]) -> Callable[[Whose], bytes]:
    """Return what makes CSV of rows."""
    return lambda whose: csv_of(rows(whose))


CODED = (
    Sent(
        "a REFI-QDA project",
        ".qdpx",
        refi_project,
        (
            *(DOCUMENT, NAMED_CODER, "creatingUser", "id of a coder", "basePath", "path", "title"),
            *("relative path", "description of a document", "name of a selection", "memo"),
            *("description of a selection", "name of a memo", "text of a memo", "set", "case"),
            *("description of a case", "variable", "value", "name of the project", "comment"),
            "words that nobody selected",
        ),
    ),
    Sent(
        "a project of Taguette",
        ".sqlite3",
        taguette_project,
        (
            *(DOCUMENT, "login", "e-mail", "user", "command", "title", "project"),
            *("description of a document", "file of a document", "description of a tag"),
            "words that nobody selected",
        ),
    ),
    Sent(
        "a project of QualCoder",
        ".qda",
        qualcoder_project,
        (
            *(DOCUMENT, NAMED_CODER, "memo", "codername", "memo of a document", "case"),
            *("owner of a document", "memo of a code", "owner of a code", "memo of a coding"),
            *(f"{what} of a journal" for what in ("name", "words", "owner")),
            *("annotation", "words that nobody selected"),
        ),
    ),
    Sent(
        "excerpts of Dedoose",
        ".xlsx",
        in_books(DEDOOSE),
        (DOCUMENT, NAMED_CODER, "creator of a resource", "memo", *IN_BOOKS),
    ),
    Sent(
        "segments of MAXQDA",
        ".xlsx",
        in_books(MAXQDA),
        (DOCUMENT, NAMED_CODER, "group of documents", "memo", "modified by", *IN_BOOKS),
    ),
    Sent(
        "quotations of ATLAS.ti",
        ".xlsx",
        in_books(ATLAS_TI),
        (DOCUMENT, NAMED_CODER, "name of a quotation", "memo", "modified by", *IN_BOOKS),
    ),
    Sent("highlights of Taguette", ".csv", as_csv(TAGUETTE), (DOCUMENT,)),
    Sent(
        "codings of QualCoder",
        ".csv",
        as_csv(QUALCODER),
        (DOCUMENT, NAMED_CODER, "memo", "variable"),
    ),
    Sent("references of NVivo", ".txt", references, (DOCUMENT, "folder")),
    Sent("a long table", ".csv", as_csv(LONG), (DOCUMENT, NAMED_CODER, "e-mail", "note")),
)


def mapping_of(files: Iterable[Sent]) -> str:
    """Return a mapping that gives each named coder of files a pseudonym."""
    named = [each for each in files if NAMED_CODER in each.places]
    coders = {f'"{each.whose(NAMED_CODER).text}": {CODER}' for each in named}
    coders |= {f'"{each.whose(NAMED_CODER).name}": {CODER}' for each in named}
    coders |= {f'"{each.whose("creatingUser").name}": {CODER}' for each in named[:1]}
    return (
        f"coder: {CODER}\ncoders: {{{', '.join(sorted(coders))}}}\nfocus_groups: {{held_on: "
        "2020-11-01, scope: country, places: KEN, language: en, consent: public}\n"
    )
