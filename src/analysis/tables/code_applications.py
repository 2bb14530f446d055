"""The table of code applications: its columns, and whether coders used one codebook."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from analysis.errors import TableError
from analysis.tables.near_copies import fold_words
from analysis.tables.segments import FOCUS_GROUP

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import pandas as pd

SEGMENT = "segment"
CODE = "code"
CODER = "coder"

COLUMNS = (SEGMENT, CODE, CODER)

NO_CODE = "none"
"""In place of a code: the coder looked at the segment, and no code applies."""

# With fewer codes applied, two coders may share none by chance.
FEWEST = 5
ALIKE = 0.6
MOSTLY_TOGETHER = 0.5
_IGNORED = frozenset({"and", "the", "of"})


def without_none(applications: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """Return code applications without those that say that no code applies.

    Parameters
    ----------
    applications : DataFrame
        ``segment, code, coder``.
    codes : collection of str
        The codes of the codebook; where one of them is ``none``, it is a code like others.
    """
    return applications if NO_CODE in codes else applications[applications[CODE] != NO_CODE]


def require_shared_codes(
    tables: Mapping[str, pd.DataFrame], lacking: Mapping[str, Collection[str]]
) -> None:
    """Refuse coders of the same focus groups who share no code, or whose codes were renamed.

    A renamed code would count as a disagreement wherever it was applied.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``codebook``, ``segments`` and ``code_applications``.
    lacking : mapping of str to collection of str
        By coder of the study, the codes that their version of the codebook did not have: these may
        differ.

    Raises
    ------
    TableError
        Naming the coders, and codes that look like one code under two names.
    """
    applied = without_none(tables["code_applications"], tables["codebook"][CODE].array)
    # Others are found, and named, by the expectations on code applications.
    applied = applied[applied[CODE].isin(tables["codebook"][CODE]) & applied[CODER].isin(lacking)]
    groups = tables["segments"][[SEGMENT, FOCUS_GROUP]].drop_duplicates(SEGMENT)
    located = applied.merge(groups, on=SEGMENT)
    names = dict(zip(tables["codebook"][CODE], tables["codebook"]["name"], strict=True))
    by_coder = {str(coder): rows for coder, rows in located.groupby(CODER)}
    offenders = [
        offender
        for one, other in combinations(sorted(by_coder), 2)
        for offender in _compare(one, other, by_coder, names, {*lacking[one], *lacking[other]})
    ]
    if offenders:
        raise TableError(
            "Coders of the same focus groups did not use the same codes.",
            offenders=offenders,
            expected="one id for each code, whoever applied it",
            why="A code under two names would count as a disagreement wherever it was applied.",
            remedy="give each such pair one id, in code_applications.csv and codebook.csv or with "
            "codes in the mapping of an import; if a coder did not have a code, list it under "
            "codes_not_in_version of the coder in study.yaml",
        )


def _compare(
    one: str,
    other: str,
    by_coder: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    lacking: Collection[str],
) -> Iterator[str]:
    """Yield what two coders do not share, where they coded the same focus groups."""
    coded = [by_coder[coder] for coder in (one, other)]
    shared = set(coded[0][FOCUS_GROUP].unique()) & set(coded[1][FOCUS_GROUP].unique())
    vocabulary = [set(each[CODE].unique()) - set(lacking) for each in coded]
    together = [each[each[FOCUS_GROUP].isin(shared) & ~each[CODE].isin(lacking)] for each in coded]
    alone = [
        sorted(set(each[CODE].unique()) - vocabulary[1 - side])
        for side, each in enumerate(together)
    ]
    on = [
        {code: set(each.loc[each[CODE] == code, SEGMENT]) for code in alone[side]}
        for side, each in enumerate(together)
    ]
    near = [
        f"{mine} ({one}) and {yours} ({other})"
        for mine in alone[0]
        for yours in alone[1]
        if _is_renamed((mine, yours), names, (on[0][mine], on[1][yours]))
    ]
    yield from near
    is_enough = all(len(each) >= FEWEST for each in together)
    if not near and is_enough and not vocabulary[0] & vocabulary[1]:
        yield (
            f"codes of {one}: {len(alone[0])}, of {other}: {len(alone[1])}; they share none, "
            "and no two are alike"
        )


def _is_renamed(
    codes: tuple[str, str], names: Mapping[str, str], on: tuple[set[str], set[str]]
) -> bool:
    """Return whether two codes, each of one coder alone, seem to be one code.

    Their names have the same words, or are alike and mostly on the same segments.
    """
    words = [{_fold(code), _fold(names.get(code, code))} for code in codes]
    if words[0] & words[1]:
        return True
    likeness = max(SequenceMatcher(None, a, b).ratio() for a in words[0] for b in words[1])
    least = min(map(len, on))
    return likeness >= ALIKE and len(on[0] & on[1]) >= MOSTLY_TOGETHER * least


def _fold(name: str) -> str:
    """Return the words of a name in lower case, without endings that do not distinguish names.

    Examples
    --------
    >>> _fold("Stigma & Discrimination"), _fold("stigma-and-discriminations")
    ('stigma discrimination', 'stigma discrimination')
    """
    words = fold_words(name).split()
    return " ".join(word.removesuffix("s") for word in words if word not in _IGNORED)
