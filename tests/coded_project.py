"""A REFI-QDA project of made-up interviews, and what a report must count in it.

Words are drawn at random from a list that names nobody, so that no two passages are the same.
"""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID
from xml.etree import ElementTree as ET

STRATA = ("Urban sites", "Rural sites")
WORDS = """
we they people nurses night work money rent children doctor care often never always
sometimes because when where after before without with about again still walk wait talk
ask help pay leave stay close open far near late early cold long short quiet loud safe
hard easy good bad new old same other many few some much more less first last next bus
door phone paper fine test pill water food bread think know feel hear see find keep lose
give take make need want learn teach share send bring
"""
SEED = 2020


@dataclass(frozen=True)
class CodedProject:
    """How many documents, codes and codings a project has, by two coders.

    Parameters
    ----------
    documents : int
        Documents; every other one is of the second stratum.
    codes : int
        Codes, ten in a theme.
    codings : int
        Codings of both coders together.
    second : int
        Documents that the second coder coded too, of which they did a quarter of the work.
    """

    documents: int = 11
    codes: int = 60
    codings: int = 4_000
    second: int = 4

    @cached_property
    def names(self) -> list[str]:
        """The names of the documents."""
        return [f"Interview {number:02}" for number in range(1, self.documents + 1)]

    def stratum(self, document: str) -> str:
        """Return the stratum of a document."""
        return STRATA[self.names.index(document) % len(STRATA)]

    def held_on(self, document: str) -> str:
        """Return the day of a document; two were held on each day."""
        return f"2020-03-{1 + self.names.index(document) // 2:02}"

    @cached_property
    def code_names(self) -> dict[str, list[str]]:
        """The codes of each theme."""
        numbers = range(self.codes)
        return {
            f"Theme {theme + 1}": [
                f"Topic {number + 1:02}" for number in numbers[theme * 10 :][:10]
            ]
            for theme in range(-(-self.codes // 10))
        }

    @cached_property
    def applied(self) -> list[tuple[str, int, str, str]]:
        """The codings: document, number of the passage, code and coder, each once."""
        drawn = random.Random(SEED)  # noqa: S311
        codes = [code for of_theme in self.code_names.values() for code in of_theme]
        # Whoever speaks in a document raises some of the topics, so that counts differ.
        raised = {name: drawn.sample(codes, k=len(codes) // 2) for name in self.names}
        by_ben = self.codings // 4
        share = {"Anna": self.codings - by_ben, "Ben": by_ben}
        found: dict[tuple[str, int, str, str], None] = {}
        for coder, wanted in share.items():
            documents = self.names[: self.second] if coder == "Ben" else self.names
            for at in range(wanted):
                document = documents[at % len(documents)]
                passage = at // len(documents) // 2
                before = len(found)
                while len(found) == before:
                    found[document, passage, drawn.choice(raised[document]), coder] = None
        return list(found)

    @cached_property
    def passages(self) -> dict[str, list[str]]:
        """The passages of each document, in their order."""
        drawn = random.Random(SEED)  # noqa: S311
        words, numbers = WORDS.split(), dict.fromkeys(self.names, 0)
        for document, passage, *_ in self.applied:
            numbers[document] = max(numbers[document], passage + 1)
        return {
            name: [
                f"{' '.join(drawn.choices(words, k=drawn.randint(9, 14))).capitalize()}."
                for _ in range(number)
            ]
            for name, number in numbers.items()
        }

    def groups_of(self, stratum: str) -> set[str]:
        """Return the documents of a stratum, or all."""
        return {name for name in self.names if stratum in ("", self.stratum(name))}

    def raised(self, code: str) -> set[str]:
        """Return the documents in which a code occurs."""
        return {document for document, _, applied, _ in self.applied if applied == code}

    def coded_by(self, coder: str) -> set[str]:
        """Return the documents that a coder coded."""
        return {document for document, _, _, by in self.applied if by == coder}

    def qdpx(self) -> bytes:
        """Return the project as a tool writes it."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("project.qde", ET.tostring(self._project(), encoding="utf-8"))
            for at, name in enumerate(self.names):
                archive.writestr(f"sources/{_guid(1, at)}.txt", "\n".join(self.passages[name]))
        return written.getvalue()

    def _project(self) -> ET.Element:
        project = ET.Element("Project", xmlns="urn:QDA-XML:project:1.0", name="Interviews")
        users = ET.SubElement(project, "Users")
        for at, name in enumerate(("Anna", "Ben")):
            ET.SubElement(users, "User", guid=_guid(0, at), name=name)
        codes = ET.SubElement(ET.SubElement(project, "CodeBook"), "Codes")
        ids = {}
        for theme, names in self.code_names.items():
            parent = ET.SubElement(codes, "Code", guid=_guid(2, len(ids)), name=theme)
            parent.set("isCodable", "false")
            ET.SubElement(parent, "Description").text = f"All that belongs to {theme.lower()}."
            for name in names:
                ids[name] = _guid(3, len(ids))
                code = ET.SubElement(parent, "Code", guid=ids[name], name=name, isCodable="true")
                ET.SubElement(code, "Description").text = f"Whatever is said of {name.lower()}."
        sources = ET.SubElement(project, "Sources")
        for at, name in enumerate(self.names):
            self._add_source(sources, at, name, ids)
        return project

    def _add_source(self, sources: ET.Element, at: int, name: str, ids: dict[str, str]) -> None:
        path = f"internal://{_guid(1, at)}.txt"
        source = ET.SubElement(
            sources, "TextSource", guid=_guid(4, at), name=name, plainTextPath=path
        )
        applied: dict[int, list[tuple[str, str]]] = {}
        for document, passage, code, coder in self.applied:
            if document == name:
                applied.setdefault(passage, []).append((code, coder))
        start = 0
        for number, text in enumerate(self.passages[name]):
            place = {"startPosition": str(start), "endPosition": str(start + len(text))}
            guid = _guid(5, at * 10_000 + number)
            selection = ET.SubElement(source, "PlainTextSelection", guid=guid, name=text, **place)
            for order, (code, coder) in enumerate(applied.get(number, ())):
                user = _guid(0, ("Anna", "Ben").index(coder))
                guid = _guid(6, (at * 10_000 + number) * 100 + order)
                coding = ET.SubElement(selection, "Coding", guid=guid, creatingUser=user)
                ET.SubElement(coding, "CodeRef", targetGUID=ids[code])
            start += len(text) + 1


def _guid(kind: int, number: int) -> str:
    return str(UUID(int=(kind << 64) + number + 1))
