"""Collects what a reader finds, so that each item is counted once, as kept or as set aside."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, closest, count
from analysis.intake import account as kinds
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import CodedCode, CodedData, Coding, Document, Selection

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.intake.coded.sheets import Sheet


SAME_CODING = "the same code by the same coder on the same selection again"
SAME_CODE = "the codebook has a code of this name already"
NO_TEXT = "it has no text"
NOT_TEXT = "it is a stretch of a picture, a page, a sound or a film"
UNKNOWN_CODE = "its code is not in the codebook"
UNNAMED = "its document is not named"
NOT_READ = "not read: nothing in the study matches it"
BLANK_COLUMN = "it holds nothing"


class CodedDataBuilder:
    """What a reader has found so far.

    Codes and documents with the same name are the same, and so are selections with the same key.

    Parameters
    ----------
    file_format : str
        The format that is read.

    Attributes
    ----------
    where : str
        The place in the file of what is added now, for messages; readers of tables set it.
    """

    def __init__(self, file_format: str) -> None:
        self.file_format = file_format
        self.where = ""
        self.account = Account()
        self.notices: list[str] = []
        self.unread: list[str] = []
        self.reported_counts: dict[str, int] = {}
        self._codes: dict[str, CodedCode] = {}
        self._key_of: dict[tuple[str, ...], str] = {}
        self._defined: set[tuple[str, ...]] = set()
        self._documents: dict[str, Document] = {}
        self._selections: dict[str, Selection] = {}
        self._codings: dict[Coding, str] = {}
        self._coders: dict[str, None] = {}
        self._groups: dict[str, dict[str, None]] = {}
        self._found: Counter[tuple[str, ...]] = Counter()

    @property
    def documents(self) -> Sequence[Document]:
        """The documents found so far."""
        return tuple(self._documents.values())

    def note_unread_columns(
        self, sheet: Sheet, used: Collection[int | None], known: Sequence[str] = ()
    ) -> None:
        """Count the columns, and note those that are not read.

        One whose name is close to no known one is noted by letter: it may be a person's.
        """
        unread = sheet.unread(used)
        filled = [*unread, *(at for at in range(len(sheet.header)) if at in used)]
        self.account.receive(kinds.COLUMNS, len(sheet.header))
        self.account.set_aside(kinds.COLUMNS, NOT_READ, len(unread))
        self.account.set_aside(kinds.COLUMNS, BLANK_COLUMN, len(sheet.header) - len(filled))
        self.unread += [sheet.column(at) for at in unread]
        hints = {at: closest(sheet.header[at], known) for at in unread}
        named = [
            f"{sheet.header[at]}{hint}" if hint else sheet.column(at) for at, hint in hints.items()
        ]
        if named:
            self.notices.append(f"columns not read: {', '.join(named)}")

    def nth(self, *identity: str) -> str:
        """Return how many times this was found so far: the same may be said more than once."""
        self._found[identity] += 1
        return str(self._found[identity])

    def set_aside(self, reason: str, *, selections: int = 0, codings: int = 0) -> None:
        """Count selections and codings that are not kept, with the reason."""
        self.account.exclude(kinds.SELECTIONS, reason, selections)
        self.account.exclude(kinds.CODINGS, reason, codings)

    def add_code(
        self, path: Sequence[str], description: str = "", *, is_codable: bool = True
    ) -> str:
        """Return the key of the code at a path of names, added with headings above if need be."""
        names = tuple(name.strip() for name in path)
        key = self._key_of.get(names)
        if key is None:
            parent = self.add_code(names[:-1], is_codable=False) if len(names) > 1 else ""
            key = "\n".join(names)
            self._key_of[names] = key
            self._codes[key] = CodedCode(key, names[-1], parent, description, is_codable)
            self.account.receive(kinds.CODES)
            return key
        found = self._codes[key]
        self._codes[key] = found._replace(
            description=description or found.description, is_codable=is_codable or found.is_codable
        )
        return key

    def define_code(
        self, path: Sequence[str], description: str = "", *, is_codable: bool = True
    ) -> str:
        """Return the key of a code that a codebook lists; what it lists again is set aside."""
        names = tuple(name.strip() for name in path)
        if names in self._defined:
            self.account.exclude(kinds.CODES, SAME_CODE)
            return self._key_of[names]
        self._defined.add(names)
        return self.add_code(names, description, is_codable=is_codable)

    def add_to_group(self, name: str, code: str) -> None:
        """Add a code to a group of codes."""
        if name not in self._groups:
            self._groups[name] = {}
            self.account.receive(kinds.GROUPS)
        self._groups[name][code] = None

    def add_document(
        self, name: str, text: str | None = None, facts: Mapping[str, str] | None = None
    ) -> str:
        """Return the key of a document, added if need be."""
        found = self._documents.get(name)
        if found is None:
            self._documents[name] = Document(name, name, text, facts or {})
            self.account.receive(kinds.DOCUMENTS)
            self.account.receive(kinds.FACTS, len(facts or {}))
        elif facts and found.facts != facts:
            number = list(self._documents).index(name) + 1
            differing = [each for each in facts if facts[each] != found.facts.get(each)]
            raise CodedDataError(
                "Rows of one document have different facts about it.",
                offenders=[f"document {number}: {', '.join(differing)}"],
                expected="the same in every row of a document",
                remedy="correct the rows, or name the document's column in the mapping",
            )
        return name

    def add_distinct_document(
        self, name: str, number: int, text: str, facts: Mapping[str, str] | None = None
    ) -> str:
        """Return the key of a document; its number is added where another has its name."""
        return self.add_document(unique_name(name, self._documents, number), text, facts)

    def note_other_words(self, number: int, what: str) -> None:
        """Note how many items have other words than the text at their positions."""
        if number:
            self.notices.append(
                f"{count(number, what)} with other words than the text at its position: "
                "the words are used"
            )

    def add_selection(self, selection: Selection) -> str:
        """Return the key of a selection, added if need be."""
        found = self._selections.get(selection.key)
        if found is None:
            self._selections[selection.key] = selection._replace(where=self.where)
            self.account.receive(kinds.SELECTIONS)
        elif found.document != selection.document or found.text.split() != selection.text.split():
            number = list(self._selections).index(selection.key) + 1
            where = self.where or f"selection {number} of the file"
            raise CodedDataError(
                "Rows of one selection have different words.",
                offenders=[f"{where}: not those of {found.where or 'an earlier row'}"],
                expected="the same text in every row with the same id",
                remedy="give each selection an id of its own, or leave the ids out",
            )
        return selection.key

    def add_coding(self, selection: str, code: str, coder: str = "") -> None:
        """Add that a coder applied a code to a selection; only the first time counts."""
        self.account.receive(kinds.CODINGS)
        self.add_coder(coder)
        coding = Coding(selection, code, coder)
        if coding in self._codings:
            self.account.set_aside(kinds.CODINGS, SAME_CODING)
        self._codings.setdefault(coding, self.where)

    def add_coder(self, coder: str) -> None:
        """Add a coder, if the file names one."""
        if coder and coder not in self._coders:
            self._coders[coder] = None
            self.account.receive(kinds.CODERS)

    def finish(self) -> CodedData:
        """Return what was found."""
        return require_accounted(
            CodedData(
                file_format=self.file_format,
                codes=tuple(self._codes.values()),
                documents=tuple(self._documents.values()),
                selections=tuple(self._selections.values()),
                codings=tuple(self._codings),
                coders=tuple(self._coders),
                account=self.account,
                notices=tuple(self.notices),
                reported_counts=self.reported_counts,
                groups={name: tuple(codes) for name, codes in self._groups.items()},
                unread=tuple(self.unread),
                coded_at={coding: where for coding, where in self._codings.items() if where},
            )
        )


def reason_against(text: str, document: str) -> str:
    """Return why a row of a table is no selection; empty where it is one.

    Examples
    --------
    >>> reason_against(" ", "a"), reason_against("Fear.", ""), reason_against("Fear.", "a")
    ('it has no text', 'its document is not named', '')
    """
    if not text.strip():
        return NO_TEXT
    return "" if document.strip() else UNNAMED


def unique_name(name: str, taken: Collection[str], number: int) -> str:
    """Return the name of a document, with its number where it has none or another has it.

    Examples
    --------
    >>> unique_name("Interview", ["Interview"], 2), unique_name("", [], 3)
    ('Interview (2)', '(3)')
    """
    found = name
    while not found or found in taken:
        found = f"{found} ({number})".strip()
    return found


def require_accounted(data: CodedData) -> CodedData:
    """Return coded data, if each item received is there or set aside."""
    data.account.require_kept(
        (
            (kinds.CODES, len(data.codes)),
            (kinds.DOCUMENTS, len(data.documents)),
            (kinds.FACTS, sum(len(document.facts) for document in data.documents)),
            (kinds.SELECTIONS, len(data.selections)),
            (kinds.CODINGS, len(data.codings)),
            (kinds.CODERS, len(data.coders)),
            (kinds.GROUPS, len(data.groups)),
        )
    )
    return data


MOST_DIGITS = 12


def whole_number(text: str | None) -> int | None:
    """Return the number that a text is, or None where it is none that a file can mean.

    Examples
    --------
    >>> whole_number(" 12 "), whole_number("-1"), whole_number("9" * 5000), whole_number(None)
    (12, None, None, None)
    """
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > MOST_DIGITS:
        return None
    return int(digits)
