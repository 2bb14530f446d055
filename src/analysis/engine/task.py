"""Work: one piece of a build, with what it needs, what it reads, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.engine.parameters import Value

Kind: TypeAlias = Literal["parting", "covering", "guard", "notebook", "page"]


@dataclass(frozen=True, kw_only=True)
class Work:
    """One piece of a build.

    Parameters
    ----------
    name : str
        Its name in the study: ``esa``, ``page esa``, ``guard esa cleaned``.
    kind : {"parting", "covering", "guard", "notebook", "page"}
        What is done.
    about : str
        The place, the part of the tables or the page that it is about; ``""`` for the study.
    notebook : str
        The notebook that is run or shown, without its ending.
    parameters : mapping of str to str, int, float or bool
        All its parameters.
    needs : tuple of str
        The work whose results it reads.
    expects : tuple of str
        Work whose last results serve until they are known anew: if they then differ, this work is
        done again.
    reads : tuple of str
        Files and folders below the root whose bytes decide what comes out.
    uses : tuple of str
        Files and folders below the root that it reads too; `facts` say what of them counts.
    leaves : tuple of str
        Files and folders below the root that it writes; they are its own.
    facts : mapping of str to str
        What decides besides, by a name for people.
    """

    name: str
    kind: Kind
    about: str = ""
    notebook: str = ""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
