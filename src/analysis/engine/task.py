"""One task of a build: the tasks that it needs, and the files that it reads and writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Value: TypeAlias = "str | int | float | bool"
Kind: TypeAlias = Literal["partition", "check", "notebook", "page"]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of a build. Paths are relative to the root.

    Parameters
    ----------
    name : str
        Its name in the study: ``esa``, ``page esa``, ``check esa``.
    kind : {"partition", "check", "notebook", "page"}
        What is done.
    about : str
        The place or the page that it is about; ``""`` for the study.
    notebook : str
        The notebook that is run or shown, without its ending.
    parameters : mapping of str to str, int, float or bool
        All its parameters.
    needs : tuple of str
        The tasks whose results it reads.
    expects : tuple of str
        Tasks whose last results are used until they are known again: if they then differ, this task
        runs again.
    reads : tuple of str
        Files and folders whose content decides what comes out.
    uses : tuple of str
        Files and folders that it reads too; `facts` hold what counts of them.
    writes : tuple of str
        Files and folders that no other task writes.
    facts : mapping of str to str
        Other values that decide what comes out, by a name for people.
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
    writes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
