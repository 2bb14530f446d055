"""The draft of a mapping: every code, coder and document that a person must map."""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis.errors import CodedDataError, StorageError, closest
from analysis.importing.coded.code_matching import match_codes
from analysis.importing.coded.code_tree import JOINED
from analysis.importing.coded.coded_import import read_parts
from analysis.importing.coded.coded_study import read_coded_study
from analysis.importing.coded.coders import choose_coders
from analysis.importing.coded.focus_group_rows import (
    CONSENTS,
    IS_MISSING,
    NEEDED,
    groups_of_documents,
)
from analysis.importing.coded.known_segments import match_known
from analysis.importing.coded.mapping import CodedMapping, read_mapping
from analysis.importing.coded.merging import merge_coded
from analysis.importing.coded.themes import describe_levels, levels_of, propose_themes
from analysis.importing.result import write_private
from analysis.intake.account import Account
from analysis.intake.coded.coded_data import paths_of
from analysis.study.root import require_study
from analysis.tables import focus_groups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.importing.coded.coded_import import CodedImport
    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.known_segments import KnownMatch
    from analysis.intake.coded.coded_data import CodedData

HEAD = """\
# What an export doesn't state: see docs/imports.md.
# Fill in what is marked as required. Whatever else is left blank is not stated.
# Names of coders and documents may be people's: keep this file to yourself.
"""
GROUP = "focus_group"
OF_EACH = (focus_groups.HELD_ON, focus_groups.PLACES)
OF_ALL = (focus_groups.CONSENT, focus_groups.LANGUAGE)
OPTIONAL = ("title", "organiser", "theme", "participants")
FORMS = {
    focus_groups.HELD_ON: "the day, YYYY-MM-DD",
    focus_groups.PLACES: "a country, a region or a continent, by its name or id",
    focus_groups.CONSENT: ", ".join(CONSENTS),
}
# What YAML does not read, or takes for the end of a line.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
LEAVE_OUT = "or: skip"
THEMES_AND_CODES = 2
IN_COMMENT: Any = {"width": 100, "initial_indent": "# ", "subsequent_indent": "#   "}
MOST_PLACES_LISTED = 10


def write_draft(order: CodedImport, path: Path) -> None:
    """Write the draft of a mapping for an import.

    Parameters
    ----------
    order : CodedImport
        The import.
    path : Path
        The draft's file, which must not be there yet.

    Raises
    ------
    CodedDataError
        When the file is there already, the files contradict each other, or nothing is left to
        state about them.
    """
    if path.exists():
        raise CodedDataError(
            f"{path.name} exists already; nothing was written.",
            remedy="choose another name for the draft, or move the file away",
        )
    folder = order.root / "data" / order.study
    require_study(folder.parent, order.study)
    mapping = CodedMapping() if order.mapping is None else read_mapping(order.mapping)
    study = read_coded_study(folder, order.places)
    data, known = match_known(merge_coded(read_parts(order, mapping)), study, mapping)
    _require_gaps(data, study, known, mapping)
    asked = [each for each in data.documents if each.key not in known.group_of]
    data = replace(data, documents=tuple(asked))
    text = "\n".join([HEAD, *_lines(data, study, mapping), ""])
    try:
        write_private(path, text.encode())
    except OSError as error:
        raise StorageError(
            f"{path.name} cannot be written: {error.strerror}.",
            expected="a folder that is there, room on the disk, and the right to write there",
            remedy="choose another place for the draft",
        ) from error


def _require_gaps(
    data: CodedData, study: CodedStudy, known: KnownMatch, mapping: CodedMapping
) -> None:
    """Refuse a draft in which there would be nothing to fill in."""
    groups = groups_of_documents(data, study, known, mapping, Account())
    codes = match_codes(data, study.codebook, mapping, Account())
    _, coders = choose_coders(data, study, mapping)
    is_gap = any(fault.endswith(IS_MISSING) for fault in groups.offenders)
    levels = {*levels_of(data.codes).values()}
    is_choice = not study.codebook and (len(levels) > THEMES_AND_CODES or bool(data.groups))
    if is_gap or is_choice or coders or codes.offenders:
        return
    if data.is_codebook:
        why = ["the files hold a codebook alone: it has no documents, coders or places"]
    else:
        why = [*groups.offenders] or ["the files state all that is needed"]
    raise CodedDataError(
        "There is nothing to fill in; no draft was written.",
        offenders=why,
        remedy="leave out what the study has already"
        if groups.offenders
        else "import the files without --mapping-draft",
    )


def _lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    yield from _coder_lines(data, study, mapping)
    yield from _code_lines(data, study, mapping)
    if not study.codebook:
        yield from _theme_lines(data, mapping)
    yield from _question_lines(data, study, mapping)
    yield "# What holds for every document; a day or a place that holds for all can be here too."
    yield "focus_groups:"
    only = study.settings.languages[0] if len(study.settings.languages) == 1 else ""
    asked = dict.fromkeys((*OF_ALL, *OPTIONAL), "") | {focus_groups.LANGUAGE: only}
    for name, held in (asked | dict(mapping.focus_groups)).items():
        is_given = all(document.facts.get(name) for document in data.documents)
        yield f"  {name}: {_quoted(held)}{_mark(name, held, study, is_given=is_given)}"
    yield "# What holds for one; it comes first. A document is left out with: skip"
    yield "# Ids of focus groups are published. Left blank, one is made of a digest of the words;"
    yield "# one that you give must name nobody."
    yield "documents:"
    yield from _document_lines(data, study, mapping)
    yield from _other_lines(mapping)


def _mark(name: str, held: str, study: CodedStudy, *, is_given: bool) -> str:
    """Return the comment behind a field: whether it is required, and in which form."""
    if held or is_given or name not in NEEDED:
        return ""
    forms = FORMS | {focus_groups.LANGUAGE: ", ".join(study.settings.languages)}
    if len(study.place_names) <= MOST_PLACES_LISTED:
        forms |= {focus_groups.PLACES: f"one of {', '.join(study.place_names)}"}
    return f"  # required: {forms[name]}"


def _document_lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    """Yield what the mapping, or else the export, states about each document, and what to state."""
    for document in data.documents:
        stated = mapping.documents.get(document.name, {})
        if isinstance(stated, str):
            yield f"  {_quoted(document.name)}: {stated}"
            continue
        known = {
            name: held
            for name in (*NEEDED, *OPTIONAL)
            if (held := document.facts.get(name, "")) or name in OF_EACH
        }
        group = document.facts.get(GROUP, "") or mapping.focus_groups.get(GROUP, "")
        known = {GROUP: group, **known, **stated}
        yield f"  {_quoted(document.name)}:"
        for name, held in known.items():
            is_given = bool(mapping.focus_groups.get(name))
            yield f"    {name}: {_quoted(held)}{_mark(name, held, study, is_given=is_given)}"


def _other_lines(mapping: CodedMapping) -> Iterator[str]:
    """Yield the other keys of a mapping as they are."""
    roles = mapping.roles
    columns = {
        **roles.named,
        **roles.facts,
        **({"codes": list(roles.codes)} if roles.codes else {}),
    }
    stated = {
        "places": dict(mapping.places),
        "cell": mapping.cell,
        "text_kind": mapping.text_kind,
        "columns": columns,
    }
    yield from (f"{key}: {_quoted(held)}" for key, held in stated.items() if held)


def _coder_lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    known = ", ".join(study.coders)
    if any(not coding.coder for coding in data.codings):
        yield f"# The coder where the files name none: {known}"
        given = choose_coders(data, study, mapping)[0].get("", "")
        yield f"coder: {_quoted(given)}{'' if given else '  # required'}"
    if data.coders:
        yield f"# A pseudonym of study.yaml for each coder: {known}; list others there first."
        proposed = _propose_coders(data, study, mapping)
        if any(name not in mapping.coders and name not in study.coders for name in proposed):
            yield "# Proposed by how much each coded, in the order of study.yaml: check each line."
        yield "coders:"
        for name in data.coders:
            given = proposed.get(name, "")
            yield f"  {_quoted(name)}: {_quoted(given)}{'' if given else '  # required'}"


def _propose_coders(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> dict[str, str]:
    """Return the pseudonym of each coder that is known, and of the others where as many are left.

    Whoever applied the most codes gets the first.
    """
    known = {
        name: pseudonym
        for name in data.coders
        if (pseudonym := mapping.coders.get(name) or (name if name in study.coders else ""))
    }
    times = Counter(coding.coder for coding in data.codings)
    others = sorted((name for name in data.coders if name not in known), key=lambda x: -times[x])
    free = [pseudonym for pseudonym in study.coders if pseudonym not in known.values()]
    return known | (dict(zip(others, free, strict=True)) if len(others) == len(free) else {})


def _code_lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    chosen = match_codes(data, study.codebook, mapping, Account()).id_of
    paths = paths_of(data.codes)
    missing = [paths[code.key] for code in data.codes if code.key not in chosen]
    if not missing and not mapping.codes:
        return
    ids = [row[0] for row in study.codebook]
    yield f"# A code of codebook.csv for each code that it does not have; {LEAVE_OUT}"
    yield "codes:"
    yield from (f"  {_quoted(name)}: {_quoted(code)}" for name, code in mapping.codes.items())
    for path in missing:
        if JOINED.join(path) not in mapping.codes:
            hint = closest(path[-1], ids)
            yield f'  {_quoted(JOINED.join(path))}: ""  # required{hint}'


def _question_lines(data: CodedData, study: CodedStudy, mapping: CodedMapping) -> Iterator[str]:
    """Yield the questions that the files name and that are not of the template."""
    asked = dict.fromkeys(
        each.facts["question"]
        for each in data.selections
        if each.facts.get("question") and not each.facts.get("section")
    )
    cells = {**dict.fromkeys(asked, ""), **mapping.cells}
    if cells:
        yield "# The cell of the template for each question; left blank, the first cell."
        yield from textwrap.wrap(f"One of {', '.join(study.cells)}", **IN_COMMENT)
        yield "cells:"
        yield from (f"  {_quoted(name)}: {_quoted(cell)}" for name, cell in cells.items())


def _theme_lines(data: CodedData, mapping: CodedMapping) -> Iterator[str]:
    """Yield which codes are themes, and what else can be, where the tool has more than a list."""
    if not data.groups and not any(code.parent for code in data.codes):
        return
    yield "# Which codes are themes, the headings of reports: a level of the tree of codes."
    yield from (f"#   {each}" for each in describe_levels(data.codes, data.groups))
    yield f"themes: {mapping.themes or propose_themes(data.codes, data.groups)}"


def _quoted(held: object) -> str:
    """Return what YAML reads back as it is."""
    written = json.dumps(held, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
