"""Every prevalence of a study, recounted: in how many focus groups each code and theme occurs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.recount.corpus import Corpus, open_whole
from analysis.recount.number import count
from analysis.recount.study import DOMAINS, read_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from analysis.recount.cleaned import Segment
    from analysis.recount.number import Counted, Number

QUESTIONS = ("situation", "concerns", "hope", "constraints")
PREVALENCE = "prevalence."


@dataclass(frozen=True)
class Recount:
    """What an independent recount found.

    Parameters
    ----------
    counted : int
        How many published prevalences were recounted.
    differing : tuple of str
        Where a claim and the recount differ, in a line each.
    """

    counted: int
    differing: tuple[str, ...]

    @property
    def agreeing(self) -> int:
        """How many the recount confirms."""
        return self.counted - len(self.differing)


def recount_prevalences(
    root: Path, study: str, claims: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Recount:
    """Recount each published prevalence of a study.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study; its tables are CSV files.
    claims : mapping of str to iterable of mapping
        The claims as published, by report.

    Raises
    ------
    OSError
        When a table isn't there as a CSV file.
    """
    whole = open_whole(read_study(root, study))
    counted, differing = 0, []
    for report, made in claims.items():
        published = [c for c in made if c["id"].startswith(f"{report}.{PREVALENCE}")]
        if not published:
            continue
        corpus = Corpus(whole, whole.homes.counted_in(report))
        numbers = dict(count_prevalences(corpus, whole.homes.names[report]))
        counted += len(published)
        differing += [_differences(claim, numbers, report) for claim in published]
    return Recount(counted, tuple(filter(None, differing)))


def _differences(claim: Mapping[str, Any], numbers: Mapping[str, Number], report: str) -> str:
    number = numbers.get(claim["id"].removeprefix(f"{report}."))
    if number is None:
        return f"{claim['id']}: the codebook lacks this code"
    return "; ".join(number.differences(claim))


def count_prevalences(corpus: Corpus, name: str) -> Counted:
    """Yield in how many focus groups each code and theme occurs, in all and for each question.

    Parameters
    ----------
    corpus : Corpus
        What counts at a place.
    name : str
        The name of the place.
    """
    whole = corpus.whole
    for code, row in whole.study.codebook.items():
        about = ("raised", name, row["name"])
        everywhere = corpus.supporting(code)
        yield (
            f"{PREVALENCE}{code}",
            count(whole.groups_of(everywhere), *about, of=corpus.coded_groups, segments=everywhere),
        )
        for question in QUESTIONS:
            found = supporting_in(corpus, code, question)
            asked = {segment.group for segment in answers_to(corpus, question)}
            reported = count(whole.groups_of(found), *about, of=asked, segments=found)
            yield f"{PREVALENCE}{code}.{question}", reported


def supporting_in(corpus: Corpus, code: str, question: str) -> set[str]:
    """Return the segments with a code, or any code of a theme, under a question of any domain."""
    return {s for domain in DOMAINS for s in corpus.supporting(code, f"{domain}.{question}")}


def answers_to(corpus: Corpus, question: str) -> list[Segment]:
    """Return the segments that answer a question in any domain."""
    cells = {f"{domain}.{question}" for domain in DOMAINS}
    return [segment for segment in corpus.codable if segment.cell in cells]
