"""Parameters of notebooks, checked before a notebook runs: papermill would only log a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papermill import inspect_notebook

from analysis.errors import ParameterError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.engine.task import Value

TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


def literal_path(path: Path) -> str:
    """Return a path for papermill, which formats the text of a path."""
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
    found = {name: parameter["inferred_type_name"] for name, parameter in inspected}
    untyped = [
        f"{notebook.name}: {name} is declared as {declared}"
        for name, declared in found.items()
        if declared not in TYPES
    ]
    if untyped:
        raise ParameterError(
            f"{notebook.name} declares parameters of an unknown type.",
            offenders=untyped,
            expected=", ".join(TYPES),
            remedy="declare each as: name: type = default  # help",
        )
    return found


def check_parameters(notebook: Path, given: Mapping[str, Value]) -> None:
    """Refuse parameters that a notebook does not declare, lacks, or declares with another type.

    Parameters
    ----------
    given : mapping of str to str, int, float or bool
        All its parameters: a default is never used, so that the record of them is complete.
    """
    declared = declared_parameters(notebook)
    offenders = [
        *(f"unknown: {name}{closest(name, declared)}" for name in given if name not in declared),
        *(f"missing: {name} ({kind})" for name, kind in declared.items() if name not in given),
        *(
            f"wrong type: {name} is {type(given[name]).__name__} and must be {kind}"
            for name, kind in declared.items()
            if name in given and type(given[name]) is not TYPES[kind]
        ),
    ]
    if offenders:
        raise ParameterError(
            f"{notebook.name} cannot be run with these parameters.",
            offenders=offenders,
            expected=", ".join(f"{name}: {kind}" for name, kind in declared.items()),
            remedy="give each parameter a value of its type; the notebook did not run",
        )
