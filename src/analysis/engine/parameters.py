"""Parameters of notebooks, checked before anything runs: papermill itself would only log them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from papermill import inspect_notebook

from analysis.errors import ParameterError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Value: TypeAlias = "str | int | float | bool"
TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


def literal_path(path: Path) -> str:
    """Return a path as papermill is to take it: it fills in what stands in braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def declared_parameters(notebook: Path) -> dict[str, str]:
    """Return the type of each parameter that a notebook declares, by name.

    Parameters
    ----------
    notebook : Path
        A notebook with a cell tagged ``parameters`` of ``name: type = default  # help`` lines.

    Raises
    ------
    ParameterError
        When a parameter is declared without one of the types ``str, int, float, bool``.
    """
    inspected = inspect_notebook(literal_path(notebook)).items()
    found = {name: told["inferred_type_name"] for name, told in inspected}
    untyped = [
        f"{notebook.name}: {name} is declared as {declared}"
        for name, declared in found.items()
        if declared not in TYPES
    ]
    if untyped:
        raise ParameterError(
            f"{notebook.name} declares parameters of no known type.",
            offenders=untyped,
            expected=", ".join(TYPES),
            remedy="declare each as: name: type = default  # help",
        )
    return found


def check_parameters(notebook: Path, given: Mapping[str, Value]) -> None:
    """Refuse parameters that a notebook does not declare, lacks, or declares of another type.

    Parameters
    ----------
    notebook : Path
        The notebook.
    given : mapping of str to str, int, float or bool
        All its parameters; none is left to its default, so that a record of them is whole.

    Raises
    ------
    ParameterError
        Naming each parameter that is unknown (with the closest name), missing or ill-typed.
    """
    declared = declared_parameters(notebook)
    offenders = [
        *(f"unknown: {name}{closest(name, declared)}" for name in given if name not in declared),
        *(f"missing: {name} ({kind})" for name, kind in declared.items() if name not in given),
        *(
            f"ill-typed: {name} is {type(given[name]).__name__} and must be {kind}"
            for name, kind in declared.items()
            if name in given and type(given[name]) is not TYPES[kind]
        ),
    ]
    if offenders:
        raise ParameterError(
            f"{notebook.name} cannot be run with these parameters.",
            offenders=offenders,
            expected=", ".join(f"{name}: {kind}" for name, kind in declared.items()),
            remedy="give each parameter by its name, with a value of its type; nothing was run",
        )
