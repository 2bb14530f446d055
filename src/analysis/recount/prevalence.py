"""In how many focus groups each code and theme occurs, recounted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.recount.number import count
from analysis.recount.study import DOMAINS

if TYPE_CHECKING:
    from analysis.recount.cleaned import Segment
    from analysis.recount.corpus import Corpus
    from analysis.recount.number import Counted

QUESTIONS = ("situation", "concerns", "hope", "constraints")


def count_prevalences(corpus: Corpus, name: str) -> Counted:
    """Count, for each code and theme, the focus groups, in all and for each question."""
    whole = corpus.whole
    for code, row in whole.study.codebook.items():
        about = ("raised", name, row["name"])
        everywhere = corpus.supporting(code)
        yield (
            f"prevalence.{code}",
            count(whole.groups_of(everywhere), *about, of=corpus.coded_groups, segments=everywhere),
        )
        for question in QUESTIONS:
            found = supporting_in(corpus, code, question)
            asked = {segment.group for segment in answers_to(corpus, question)}
            reported = count(whole.groups_of(found), *about, of=asked, segments=found)
            yield f"prevalence.{code}.{question}", reported


def supporting_in(corpus: Corpus, code: str, question: str) -> set[str]:
    """Return the segments with a code, or any code of a theme, under a question of any domain."""
    return {s for domain in DOMAINS for s in corpus.supporting(code, f"{domain}.{question}")}


def answers_to(corpus: Corpus, question: str) -> list[Segment]:
    """Return the segments that answer a question in any domain."""
    cells = {f"{domain}.{question}" for domain in DOMAINS}
    return [segment for segment in corpus.codable if segment.cell in cells]
