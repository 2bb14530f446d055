"""The facts of sources in REFI-QDA projects: variables of sources, and of cases that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake import account as kinds
from analysis.intake.coded.coded_data import OF_NO_TEXT, SAID_ALREADY
from analysis.intake.coded.refi_codebook import folded, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree  # type: ignore[import-untyped]

    from analysis.intake.account import Account

TEXTS = ("Representation", "TextDescription")
"""The elements with the text of a page or of a picture."""

NO_VARIABLE = "its variable has no name"
ON_A_CASE = "it lies on a whole case"
SAYS_NOTHING = "a case without facts about a document with text"
TIED_TO_CASE = "a selection that belongs to a case"


def facts_of_sources(root: etree._Element, account: Account) -> dict[str, dict[str, str]]:
    """Return the variables of each source with text, by GUID; others are set aside.

    The values on a source itself come before those on its cases.
    """
    sources = root.findall("{*}Sources/{*}*")
    variables = _Variables(root, sources, account)
    for source in sources:
        variables.add(source, [source.get("guid")])
    for case in root.findall("{*}Cases/{*}Case"):
        account.receive(kinds.CASES)
        references = case.findall("{*}SourceRef")
        if not variables.add(case, [each.get("targetGUID") for each in references]):
            account.set_aside(kinds.CASES, SAYS_NOTHING)
        account.exclude(kinds.CODINGS, ON_A_CASE, len(case.findall("{*}CodeRef")))
        account.exclude(kinds.OTHERS, TIED_TO_CASE, len(case.findall("{*}SelectionRef")))
    return variables.facts


class _Variables:
    """The values of variables of each source, read so far."""

    def __init__(
        self, root: etree._Element, sources: Iterable[etree._Element], account: Account
    ) -> None:
        self.facts: dict[str, dict[str, str]] = {
            guid: {}
            for source in sources
            if text_source_of(source) is not None and (guid := folded(source.get("guid")))
        }
        self._account = account
        self._names = {
            folded(variable.get("guid")): variable.get("name", "").strip()
            for variable in root.findall("{*}Variables/{*}Variable")
        }

    def add(self, element: etree._Element, guids: Iterable[str | None]) -> bool:
        """Add the values on an element to those of sources; return whether any was new."""
        known = dict.fromkeys(map(folded, guids))
        facts = [self.facts[guid] for guid in known if guid in self.facts]
        is_new = False
        for name, held in self._values_of(element):
            if not name or not facts:
                self._account.exclude(kinds.FACTS, OF_NO_TEXT if name else NO_VARIABLE)
            for each in facts if name else ():
                if name in each:
                    self._account.exclude(kinds.FACTS, SAID_ALREADY)
                else:
                    each[name] = held
                    is_new = True
        return is_new

    def _values_of(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield the name of the variable, and the value, of each that is not blank."""
        for value in element.findall("{*}VariableValue"):
            reference = value.find("{*}VariableRef")
            guid = None if reference is None else reference.get("targetGUID")
            held = next((each.text or "" for each in value if each is not reference), "")
            if held.strip():
                yield self._names.get(folded(guid), ""), held


def text_source_of(source: etree._Element) -> etree._Element | None:
    """Return the element with the text of a source; None where it has none."""
    if local_name(source) == "TextSource":
        return source
    return next((each for each in source if local_name(each) in TEXTS), None)
