"""The tiny study in any language, and its notebooks run in this process."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import IPython.display
import pytest

from analysis.study.csv_rows import read_rows, write_csv
from analysis.study.language import in_language
from analysis.synthesis.claims import Fragment
from tiny_study import ROOT, STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

# The notebooks whose reports have all sections, each with its place.
REPORTS = {"03-regional-synthesis": "esa", "04-continental-synthesis": "africa"}


def write_language_root(folder: Path, language: str) -> Path:
    """Write the tiny study, to be reported in a language; one code has no translated name."""
    root = write_tiny_root(folder)
    study = root / "data" / STUDY
    settings = study / "study.yaml"
    settings.write_text(f"report_language: {language}\n{settings.read_text('utf-8')}", "utf-8")
    rows = read_rows(study / "codebook.csv", ("code",))
    header = [name for name in rows[0].cells if not name.startswith("name_")]
    table = [
        [
            *(row[column] for column in header),
            *(f"{row['code']}-{each}" if row["code"] != "stigma" else "" for each in ("fr", "pt")),
        ]
        for row in rows
    ]
    write_csv(study / "codebook.csv", [[*header, "name_fr", "name_pt"], *table])
    return root


def run_notebook(root: Path, name: str) -> list[Fragment]:
    """Return what a notebook shows of the tiny study below a root, run in this process."""
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    shown: list[Any] = []
    namespace: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch, in_language("en"):
        patch.setenv("COMPENDIUM_ROOT", str(root))
        patch.delenv("COMPENDIUM_BUILD", raising=False)
        patch.setattr(IPython.display, "display", lambda *parts: shown.extend(parts))
        for cell in (each for each in cells if each["cell_type"] == "code"):
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), namespace)  # noqa: S102 (our own notebooks)
            if "parameters" in cell["metadata"].get("tags", ()):
                namespace |= {"study": STUDY, "place": REPORTS[name]}
            if isinstance(last, ast.Expr):
                value = compile(ast.Expression(last.value), name, "eval")
                shown.append(eval(value, namespace))  # noqa: S307
    return [each for each in shown if isinstance(each, Fragment)]
