"""The values that settings of a study may have; each other value is refused with what is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, StrictStr

from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.study.dates import parse_date
from analysis.study.root import OWN_NOTEBOOKS

_NOTEBOOK = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def refuse_repeated(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as they are, if each is there once."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"listed twice: {', '.join(repeated)}")
    return names


# Not `min_length`, which also refuses a list whose every item is refused already.
def refuse_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values as they are, if there are any."""
    if not values:
        raise ValueError("empty")
    return values


def _to_date(value: object) -> date:
    """Return a date for a date or an ISO text; a number or a time of day is no date."""
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("not a date like 2020-10-12")


def _refuse_malformed(value: str) -> str:
    if not IDENTIFIER.fullmatch(value):
        raise ValueError(f"not made of {IDENTIFIER_FORM}")
    return value


def _refuse_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("blank")
    return value


def _refuse_other_language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("not a language like en")
    return value


def _to_notebook(value: str) -> str:
    """Return the name of a notebook's file without its ending, if it can name a page."""
    name = value.removesuffix(".ipynb")
    if not _NOTEBOOK.fullmatch(name):
        raise ValueError(
            f"not a file in notebooks/{OWN_NOTEBOOKS}/, named with lower-case letters a-z, digits, "
            "'-' and '_'"
        )
    return name


def _to_text(value: object) -> object:
    """Return a number or a date as text: a version is often one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number or isinstance(value, date) else value


def _refuse_same(pair: tuple[str, str]) -> tuple[str, str]:
    if pair[0] == pair[1]:
        raise ValueError("names the same focus group twice")
    return pair


Date = Annotated[date, BeforeValidator(_to_date)]
Identifier = Annotated[StrictStr, AfterValidator(_refuse_malformed)]
Version = Annotated[Identifier, BeforeValidator(_to_text)]
Pair = Annotated[tuple[Identifier, Identifier], AfterValidator(_refuse_same)]
Text = Annotated[StrictStr, AfterValidator(_refuse_blank)]
MaybeText = Text | Literal[""]
Continents = Annotated[tuple[Text, ...], AfterValidator(refuse_empty)]
Language = Annotated[StrictStr, AfterValidator(_refuse_other_language)]
Languages = Annotated[tuple[Language, ...], AfterValidator(refuse_empty)]
Notebook = Annotated[StrictStr, AfterValidator(_to_notebook)]
Notebooks = Annotated[tuple[Notebook, ...], AfterValidator(refuse_repeated)]
