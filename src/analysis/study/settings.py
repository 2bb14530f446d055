"""The settings of a study: `study.yaml`."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    field_validator,
)

from analysis.errors import CODE_FORM, DATE_FORM, StudyError, closest, describe_value
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.study.dates import parse_date
from analysis.study.root import OWN_NOTEBOOKS, SETTINGS_FILE, require_study
from analysis.study.strict_yaml import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

# How numbers of people are published: rounded to the nearest 5, as they are, or not at all.
NumbersOfPeople: TypeAlias = Literal["rounded", "exact", "none"]
# Whether the same words at another position of a cell are another segment, or a repeat.
Repeats: TypeAlias = Literal["keep", "set-aside"]
# Where the codes of a study come from.
CodebookOrigin: TypeAlias = Literal["inductive", "deductive", "mixed"]
# Columns of focus_groups.csv that a study need not record.
NotRecorded: TypeAlias = Literal["title", "organiser", "theme", "participants"]
# The language in which reports are written: one with a catalogue below `languages/`, or English.
ReportLanguage: TypeAlias = Literal["en", "fr", "pt"]
# Keys that were replaced, and what by.
REPLACED = {"smallest_count": "participants: rounded, exact or none"}

_NOTEBOOK = re.compile(r"[a-z0-9][a-z0-9_-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LIKE_A_KEY = re.compile(r"[a-z_]{1,20}")
# Settings that cannot hold somebody's words: their values are shown.
_CONTROLLED = frozenset(
    {
        *("as_of", "coder", "coding", "continents", "kind", "languages", "not_recorded"),
        *("participants", "synthetic", "tables", "chosen", "blind", "disagreements"),
        *("codebook_version", "codes_not_in_version"),
        *("codebook", "notebooks", "repeats", "report_language", "separate_groups"),
    }
)


def _to_date(value: object) -> date:
    """Return a date for a date or an ISO text; a number or a time of day is no date."""
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("not a date like 2020-10-12")


def _refuse_malformed(value: str) -> str:
    """Return an id as it is, if it is well formed."""
    if not IDENTIFIER.fullmatch(value):
        raise ValueError(f"not made of {IDENTIFIER_FORM}")
    return value


def _refuse_blank(value: str) -> str:
    """Return a text as it is, if there is something to read in it."""
    if not value.strip():
        raise ValueError("blank")
    return value


def _refuse_other_language(value: str) -> str:
    """Return a language as it is, if it looks like one."""
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("not a language like en")
    return value


# Not `min_length`, which also refuses a list whose every item is refused already.
def _refuse_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return values as they are, if there are any."""
    if not values:
        raise ValueError("empty")
    return values


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


_Identifier = Annotated[StrictStr, AfterValidator(_refuse_malformed)]
_Version = Annotated[_Identifier, BeforeValidator(_to_text)]
_Text = Annotated[StrictStr, AfterValidator(_refuse_blank)]
_Language = Annotated[StrictStr, AfterValidator(_refuse_other_language)]
_Date = Annotated[date, BeforeValidator(_to_date)]
_Notebook = Annotated[StrictStr, AfterValidator(_to_notebook)]
_Languages = Annotated[tuple[_Language, ...], AfterValidator(_refuse_empty)]
_Continents = Annotated[tuple[_Text, ...], AfterValidator(_refuse_empty)]


def _refuse_same(pair: tuple[str, str]) -> tuple[str, str]:
    """Return a pair of focus groups, if they are two."""
    if pair[0] == pair[1]:
        raise ValueError("names the same focus group twice")
    return pair


_Pair = Annotated[tuple[_Identifier, _Identifier], AfterValidator(_refuse_same)]


class _Settings(BaseModel):
    """Settings that cannot change and know no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Coder(_Settings):
    """Who or what applied codes.

    Parameters
    ----------
    coder : str
        Pseudonym, as in `code_applications.csv`.
    kind : {"human", "model", "rule"}
        What kind of coder it is.
    description : str
        What a reader must know of it, without naming a person.
    codebook_version : str
        The version of the codebook that the coder had; empty where that is not stated.
    codes_not_in_version : tuple of str
        Codes of `codebook.csv` that this version did not have.
    """

    coder: _Identifier
    kind: Literal["human", "model", "rule"]
    description: _Text
    codebook_version: _Version = ""
    codes_not_in_version: tuple[_Identifier, ...] = ()


class DoubleCoding(_Settings):
    """How segments were coded by a second coder; None where that is not stated.

    Parameters
    ----------
    chosen : {"all", "random", "systematic", "whole_documents", "purposive"} or None
        How the units that a second coder coded were chosen.
    blind : bool or None
        Whether coders did not see each other's codes.
    disagreements : {"kept", "discussion", "third_coder", "one_coder"} or None
        How disagreements were settled: not at all; by discussion; by a third coder; one coder
        decided. Agreement is that before they were settled only where both codings are kept.
    """

    chosen: Literal["all", "random", "systematic", "whole_documents", "purposive"] | None = None
    blind: StrictBool | None = None
    disagreements: Literal["kept", "discussion", "third_coder", "one_coder"] | None = None


class Publication(_Settings):
    """What counts when a study is published.

    Parameters
    ----------
    coding : {"any", "all"}
        A code occurs in a segment when any coder of the segment applied it, or only when all did.
    excerpts_per_theme : int
        A report shows at most so many excerpts of a theme.
    participants : {"rounded", "exact", "none"}
        How numbers of people are published: rounded to the nearest 5; exact, where they are public
        already; or not at all.
    tables : {"private", "public"}
        Whether the study's tables are published themselves. Digests of private ones are keyed.
    """

    coding: Literal["any", "all"] = "any"
    excerpts_per_theme: int = Field(default=3, ge=1, le=20, strict=True)
    participants: NumbersOfPeople = "rounded"
    tables: Literal["private", "public"] = "private"


class Author(_Settings):
    """Who is cited as an author of a study.

    Parameters
    ----------
    name : str
        The name as it is cited, of a person or an organisation.
    orcid : str
        Their ORCID, such as ``0000-0002-1825-0097``.
    affiliation : str
        Where they work.
    """

    name: _Text
    orcid: Annotated[StrictStr, Field(pattern=r"^(\d{4}-){3}\d{3}[\dX]$")] | Literal[""] = ""
    affiliation: _Text | Literal[""] = ""


class Reporting(_Settings):
    """What a study states about itself for its checklist of reporting; empty where it doesn't.

    Parameters
    ----------
    summary, problem, question : str
        What the study is in short; the problem that it is about; its purpose or question.
    approach, researchers : str
        The approach, with its paradigm; who the researchers are, and what that may change.
    sampling, ethics, collection, instruments : str
        How focus groups were chosen; ethical review; how discussions were held and noted, and with
        which guides or technology.
    processing, trustworthiness : str
        How data were handled before they came here; how the analysis was checked by people.
    integration, limitations : str
        How findings relate to earlier work, and what limits them.
    conflicts, funding : str
        Conflicts of interest; who paid, and what they had a say in.
    """

    summary: _Text | Literal[""] = ""
    problem: _Text | Literal[""] = ""
    question: _Text | Literal[""] = ""
    approach: _Text | Literal[""] = ""
    researchers: _Text | Literal[""] = ""
    sampling: _Text | Literal[""] = ""
    ethics: _Text | Literal[""] = ""
    collection: _Text | Literal[""] = ""
    instruments: _Text | Literal[""] = ""
    processing: _Text | Literal[""] = ""
    trustworthiness: _Text | Literal[""] = ""
    integration: _Text | Literal[""] = ""
    limitations: _Text | Literal[""] = ""
    conflicts: _Text | Literal[""] = ""
    funding: _Text | Literal[""] = ""


class Study(_Settings):
    """The settings of a study.

    Parameters
    ----------
    name : str
        The study's folder.
    title : str
        Title for readers.
    languages : tuple of str
        Languages of its segments, ISO 639.
    report_language : {"en", "fr", "pt"}
        Language of its reports; passages keep their own.
    continents : tuple of str
        Continents that it reports on.
    as_of : date
        No date in the study is later.
    synthetic : bool
        Whether its focus groups are invented.
    coders : tuple of Coder
        Its coders.
    double_coding : DoubleCoding
        How a second coder's units were chosen and coded.
    codebook : {"inductive", "deductive", "mixed"} or None
        Whether codes grew out of the data, were there before it, or both; None where that is not
        stated.
    reporting : Reporting
        What it states about itself for its checklist of reporting.
    repeats : {"keep", "set-aside"}
        Whether cleaning keeps the same words at another position of a cell, or sets them aside as
        a repeat of the first ones.
    publication : Publication
        What counts when it is published.
    not_recorded : tuple of str
        Columns of its focus groups that nobody recorded: blank cells there are no warning.
    separate_groups : tuple of (str, str)
        Pairs of focus groups that a person has reviewed: alike, and two all the same.
    authors : tuple of Author
        Who is cited; CITATION.cff names them.
    repository : str
        The address of the repository that it is published in.
    licence : str
        The licence of its reports and tables, such as ``CC BY 4.0``.
    restated_by : str
        Who restated passages in other words, where any are.
    independent_of : tuple of str
        Organisations that readers may expect behind it, and that had no part in the synthesis.
    notebooks : tuple of str
        Its own notebooks: files in ``notebooks/own/``, without their ending.
    """

    name: _Identifier
    title: _Text
    languages: _Languages
    report_language: ReportLanguage = "en"
    continents: _Continents
    as_of: _Date
    synthetic: StrictBool
    coders: Annotated[tuple[Coder, ...], AfterValidator(_refuse_empty)]
    double_coding: DoubleCoding = DoubleCoding()
    codebook: CodebookOrigin | None = None
    reporting: Reporting = Reporting()
    repeats: Repeats = "keep"
    publication: Publication = Publication()
    authors: tuple[Author, ...] = ()
    repository: Annotated[StrictStr, Field(pattern=r"^https://[^\s@]+$")] | Literal[""] = ""
    licence: _Text | Literal[""] = ""
    restated_by: _Text | Literal[""] = ""
    independent_of: tuple[_Text, ...] = ()
    not_recorded: tuple[NotRecorded, ...] = ()
    notebooks: tuple[_Notebook, ...] = ()
    separate_groups: tuple[_Pair, ...] = ()

    @property
    def numbers_of_people(self) -> NumbersOfPeople:
        """How numbers of people are published: not at all where nobody recorded them."""
        return "none" if "participants" in self.not_recorded else self.publication.participants

    @field_validator("notebooks")
    @classmethod
    def _refuse_listed_twice(cls, notebooks: tuple[str, ...]) -> tuple[str, ...]:
        """Return the notebooks, if none is listed twice."""
        repeated = sorted({name for name in notebooks if notebooks.count(name) > 1})
        if repeated:
            raise ValueError(f"listed twice: {', '.join(repeated)}")
        return notebooks

    @field_validator("coders")
    @classmethod
    def _refuse_repeated(cls, coders: tuple[Coder, ...]) -> tuple[Coder, ...]:
        """Return the coders, if no two share a pseudonym."""
        names = [coder.coder for coder in coders]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"more than one coder is called {', '.join(repeated)}")
        return coders


def read_study(folder: Path) -> Study:
    """Return the settings of a study.

    Parameters
    ----------
    folder : Path
        The study's folder, whose name is the study's.

    Raises
    ------
    StudyError
        If the study does not exist, `study.yaml` cannot be read, or a setting is missing, unknown
        or of the wrong kind; every such setting is listed.
    """
    require_study(folder.parent, folder.name)
    values = _read_mapping(folder / SETTINGS_FILE)
    if "name" in values:
        raise _unusable(["name: unknown key: the folder's name is the study's"])
    try:
        return Study.model_validate({"name": folder.name, **values})
    except ValidationError as error:
        raise _unusable([_offender(detail) for detail in error.errors()]) from error


def _read_mapping(path: Path) -> dict[Any, Any]:
    """Return the keys and values of a YAML file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unusable(["not UTF-8"]) from error
    try:
        values = parse_yaml(text)
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else 1
        fault = re.sub("'[^']*'", _without_names, error.problem or "not YAML")
        raise _unusable([f"row {row}: {fault}"]) from None
    except yaml.YAMLError:
        raise _unusable(["characters that YAML does not allow"]) from None
    except ValueError as error:
        if "digits" in str(error):
            raise _unusable(["a number of too many digits"]) from None
        # YAML makes a date of whatever looks like one, before any field is known.
        raise _unusable([f"row {_row_of_date(text)}: not a real date: {error}"]) from error
    if not isinstance(values, dict):
        raise _unusable(["not keys and values"])
    return values


def _without_names(quoted: re.Match[str]) -> str:
    """Return a mark of YAML as it is; all else that is quoted may name somebody."""
    is_mark = quoted[0].startswith("'<") or not re.search(r"\w", quoted[0])
    return quoted[0] if is_mark else "a name"


def _row_of_date(text: str) -> int:
    """Return the row of the first date in a YAML text that does not exist."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken) and token.plain and token.value[:1].isdigit():
            try:
                yaml.safe_load(token.value)
            except ValueError:
                return int(token.start_mark.line) + 1
    return 1


def _unusable(details: list[str]) -> StudyError:
    """Return the error for settings that cannot be used."""
    fields = [field for field in Study.model_fields if field != "name"]
    return StudyError(
        "The settings of the study cannot be used.",
        offenders=[f"{SETTINGS_FILE}: {detail}" for detail in details],
        expected=f"the keys {', '.join(fields)}",
        remedy=f"Correct {SETTINGS_FILE}; docs/glossary.md explains each setting.",
    )


def _offender(detail: ErrorDetails) -> str:
    """Return the field and the message of a setting that pydantic refused."""
    parts = [str(part + 1) if isinstance(part, int) else str(part) for part in detail["loc"]]
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        message = f"unknown key{closest(parts[-1], _known_keys(len(parts)))}"
        if parts[-1] in REPLACED:
            message = f"replaced by {REPLACED[parts[-1]]}"
        if not _LIKE_A_KEY.fullmatch(parts[-1]):
            parts[-1] = f"(a key of {len(parts[-1])} characters)"
        return f"{'.'.join(parts)}: {message}"
    message = {"missing": "missing", "literal_error": "unknown value"}.get(detail["type"], message)
    setting = ".".join(parts)
    column = next(str(part) for part in reversed(detail["loc"]) if isinstance(part, str))
    if column in _CONTROLLED and isinstance(detail["input"], str | int | float | date):
        allowed = re.findall("'([^']*)'", detail.get("ctx", {}).get("expected", ""))
        form = DATE_FORM if column == "as_of" else CODE_FORM
        setting = describe_value(str(detail["input"]), setting, allowed, form=form)
    return f"{setting}: {message}"


def _known_keys(depth: int) -> list[str]:
    """Return the keys that a setting at some depth can have."""
    models = (Study,) if depth == 1 else (Author, Coder, DoubleCoding, Publication, Reporting)
    return [key for model in models for key in model.model_fields if key != "name"]
