"""What a REFI-QDA project says of its sources: the values of variables, on them and on cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake.coded import account as kinds
from analysis.intake.coded.facts import OF_NO_TEXT, SAID_ALREADY
from analysis.intake.coded.refi_names import child, children, folded, local_name, text_of
from analysis.intake.coded.refi_sources import text_source_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree  # type: ignore[import-untyped]

    from analysis.intake.coded.account import Account

NO_VARIABLE = "its variable has no name"
ON_A_CASE = "it lies on a whole case"
SAYS_NOTHING = "a case that says nothing of a document that has text"
TIED_TO_CASE = "a selection that belongs to a case"


def facts_of_sources(root: etree._Element, account: Account) -> dict[str, dict[str, str]]:
    """Return what is said of each source that has text, by GUID; all else is set aside.

    What a source says itself comes before what a case says of it.

    Parameters
    ----------
    root : Element
        The root of the project.
    account : Account
        Counts the cases, and what is set aside of what is said.
    """
    sources = [each for held in children(root, "Sources") for each in held if local_name(each)]
    told = _Told(root, sources, account)
    for source in sources:
        told.add(source, [source.get("guid")])
    for cases in children(root, "Cases"):
        for case in children(cases, "Case"):
            account.receive(kinds.CASES)
            references = children(case, "SourceRef")
            if not told.add(case, [each.get("targetGUID") for each in references]):
                account.set_aside(kinds.CASES, SAYS_NOTHING)
            account.turn_away(kinds.CODINGS, ON_A_CASE, len(children(case, "CodeRef")))
            account.turn_away(kinds.OTHERS, TIED_TO_CASE, len(children(case, "SelectionRef")))
    return told.facts


class _Told:
    """What has been said of sources so far."""

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
            for variables in children(root, "Variables")
            for variable in children(variables, "Variable")
        }

    def add(self, element: etree._Element, guids: Iterable[str | None]) -> bool:
        """Add the values on an element to what is said of sources; return whether any was new."""
        known = dict.fromkeys(map(folded, guids))
        facts = [self.facts[guid] for guid in known if guid in self.facts]
        is_new = False
        for name, held in self._values_of(element):
            if not name or not facts:
                self._account.turn_away(kinds.FACTS, OF_NO_TEXT if name else NO_VARIABLE)
            for each in facts if name else ():
                if name in each:
                    self._account.turn_away(kinds.FACTS, SAID_ALREADY)
                else:
                    each[name] = held
                    is_new = True
        return is_new

    def _values_of(self, element: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield the name of the variable, and the value, of each that is not blank."""
        for value in children(element, "VariableValue"):
            reference = child(value, "VariableRef")
            guid = None if reference is None else reference.get("targetGUID")
            held = next((text_of(each) for each in value if each is not reference), "")
            if held.strip():
                yield self._names.get(folded(guid), ""), held
