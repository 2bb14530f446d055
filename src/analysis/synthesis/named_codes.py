"""Codes and themes by their names, each a link to its entry in the codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.synthesis.markup import element, term
from analysis.tables.build_folder import build_folder

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.study.opened_study import OpenedStudy

# The page of a study that defines its codes.
CODEBOOK_PAGE = "codebook.html"


def link_code(study: OpenedStudy, code: str) -> Markup:
    """Return the name of a code or a theme, in a build as a link to its definition.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    code : str
        A code or a theme of its codebook.
    """
    name = term(study.codebook.name(code))
    if build_folder(study.root, study.settings.name) is None:
        return name
    return element("a", name, href=f"{CODEBOOK_PAGE}#{anchor_of_code(code)}", class_="code-name")


def anchor_of_code(code: str) -> str:
    """Return the id of a code's entry in the codebook."""
    return f"code-{code}"
