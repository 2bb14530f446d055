"""The settings of a study: `study.yaml`."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    field_validator,
)

from analysis.errors import CODE_FORM, DATE_FORM, StudyError, closest, describe_value
from analysis.study.root import SETTINGS_FILE, require_study
from analysis.study.setting_values import (
    Continents,
    Date,
    Identifier,
    Languages,
    MaybeText,
    Notebooks,
    Pair,
    Text,
    Version,
    refuse_empty,
    refuse_repeated,
)
from analysis.study.strict_parsing import YamlFault, parse_yaml

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

    coder: Identifier
    kind: Literal["human", "model", "rule"]
    description: Text
    codebook_version: Version = ""
    codes_not_in_version: tuple[Identifier, ...] = ()


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

    name: Text
    orcid: Annotated[StrictStr, Field(pattern=r"^(\d{4}-){3}\d{3}[\dX]$")] | Literal[""] = ""
    affiliation: MaybeText = ""


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

    summary: MaybeText = ""
    problem: MaybeText = ""
    question: MaybeText = ""
    approach: MaybeText = ""
    researchers: MaybeText = ""
    sampling: MaybeText = ""
    ethics: MaybeText = ""
    collection: MaybeText = ""
    instruments: MaybeText = ""
    processing: MaybeText = ""
    trustworthiness: MaybeText = ""
    integration: MaybeText = ""
    limitations: MaybeText = ""
    conflicts: MaybeText = ""
    funding: MaybeText = ""


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

    name: Identifier
    title: Text
    languages: Languages
    report_language: ReportLanguage = "en"
    continents: Continents
    as_of: Date
    synthetic: StrictBool
    coders: Annotated[tuple[Coder, ...], AfterValidator(refuse_empty)]
    double_coding: DoubleCoding = DoubleCoding()
    codebook: CodebookOrigin | None = None
    reporting: Reporting = Reporting()
    repeats: Repeats = "keep"
    publication: Publication = Publication()
    authors: tuple[Author, ...] = ()
    repository: Annotated[StrictStr, Field(pattern=r"^https://[^\s@]+$")] | Literal[""] = ""
    licence: MaybeText = ""
    restated_by: MaybeText = ""
    independent_of: tuple[Text, ...] = ()
    not_recorded: tuple[NotRecorded, ...] = ()
    notebooks: Notebooks = ()
    separate_groups: tuple[Pair, ...] = ()

    @property
    def numbers_of_people(self) -> NumbersOfPeople:
        """How numbers of people are published: not at all where nobody recorded them."""
        return "none" if "participants" in self.not_recorded else self.publication.participants

    @field_validator("coders")
    @classmethod
    def _refuse_repeated(cls, coders: tuple[Coder, ...]) -> tuple[Coder, ...]:
        """Return the coders, if no two share a pseudonym."""
        refuse_repeated(tuple(coder.coder for coder in coders))
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
    try:
        values = parse_yaml((folder / SETTINGS_FILE).read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _unusable(["not UTF-8"]) from error
    except YamlFault as error:
        raise _unusable([str(error)]) from error
    if "name" in values:
        raise _unusable(["name: unknown key: the folder's name is the study's"])
    try:
        return Study.model_validate({"name": folder.name, **values})
    except ValidationError as error:
        raise _unusable([_offender(detail) for detail in error.errors()]) from error


def _unusable(details: list[str]) -> StudyError:
    """Return the error for settings that cannot be used."""
    fields = [field for field in Study.model_fields if field != "name"]
    return StudyError(
        "The settings of the study cannot be used.",
        offenders=[f"{SETTINGS_FILE}: {detail}" for detail in details],
        expected=f"the keys {', '.join(fields)}",
        remedy=f"Correct {SETTINGS_FILE}; docs/tables.md explains each setting.",
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
