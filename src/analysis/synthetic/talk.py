"""What focus groups of a region, or of several, can say in a synthetic study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.synthetic.chance import Weighted
from analysis.synthetic.statements import DETAIL, DETAILS_AFTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.study.codebook import Codebook
    from analysis.synthetic.proportions import Shape
    from analysis.synthetic.statements import Sentence, SentenceBank


@dataclass(frozen=True)
class Talk:
    """What can be said in some regions.

    Parameters
    ----------
    regions : tuple of str
        The regions.
    tenths : mapping of str to int
        By code: of ten focus groups, about how many speak of it.
    statements : mapping of (str, str) to tuple of Sentence
        By code and question.
    details : mapping of str to mapping of str to tuple of Sentence
        By question and code: what may follow an answer to that question.
    remarks : mapping of str to tuple of Sentence
        By question: remarks that bear no code.
    neighbours : mapping of str to Weighted of str
        By code: the others of its theme, as likely as they are spoken of here.
    related : mapping of str to tuple of str
        By code: those that details of its statements can bear.
    leanings : mapping of str to mapping of str to int
        By section and code: how much the section's answers speak of the code.
    """

    regions: tuple[str, ...]
    tenths: Mapping[str, int]
    statements: Mapping[tuple[str, str], tuple[Sentence, ...]]
    details: Mapping[str, Mapping[str, tuple[Sentence, ...]]]
    remarks: Mapping[str, tuple[Sentence, ...]]
    neighbours: Mapping[str, Weighted[str]]
    related: Mapping[str, tuple[str, ...]]
    leanings: Mapping[str, Mapping[str, int]]


def talk_of(
    regions: Sequence[str], *, bank: SentenceBank, shape: Shape, codebook: Codebook
) -> Talk:
    """Return what can be said in some regions.

    Parameters
    ----------
    regions : sequence of str
        One region, or those that a wider submission speaks of.
    bank : SentenceBank
        Sentences.
    shape : Shape
        What each region stresses; several regions together stress the average.
    codebook : Codebook
        Themes and codes.
    """
    tenths = {
        code: sum(shape.tenths[region][code] for region in regions) // len(regions)
        for code in codebook.codes
    }
    fitting = [entry for entry in bank.sentences if entry.fits(regions, landlocked=False)]
    return Talk(
        regions=tuple(regions),
        tenths=tenths,
        statements=_statements(fitting),
        details=_details(fitting, codebook),
        remarks=bank.remarks,
        neighbours=_neighbours(tenths, codebook),
        related=shape.related,
        leanings={
            section: {code: by_theme[codebook.theme_of(code)] for code in codebook.codes}
            for section, by_theme in shape.sections.items()
        },
    )


def _statements(fitting: Sequence[Sentence]) -> dict[tuple[str, str], tuple[Sentence, ...]]:
    statements: dict[tuple[str, str], list[Sentence]] = {}
    for entry in fitting:
        if not entry.question.startswith(DETAIL):
            statements.setdefault((entry.code, entry.question), []).append(entry)
    return {key: tuple(entries) for key, entries in statements.items()}


def _details(
    fitting: Sequence[Sentence], codebook: Codebook
) -> dict[str, dict[str, tuple[Sentence, ...]]]:
    details = [entry for entry in fitting if entry.question.startswith(DETAIL)]
    of_code = {code: [entry for entry in details if entry.code == code] for code in codebook.codes}
    return {
        question: {
            code: tuple(entry for entry in entries if entry.question in kinds)
            for code, entries in of_code.items()
        }
        for question, kinds in DETAILS_AFTER.items()
    }


def _neighbours(tenths: Mapping[str, int], codebook: Codebook) -> dict[str, Weighted[str]]:
    spoken_of = {code: weight for code, weight in tenths.items() if weight}
    others = {
        code: {
            other: spoken_of[other]
            for other in codebook.codes_of(codebook.theme_of(code))
            if other in spoken_of and other != code
        }
        for code in codebook.codes
    }
    return {code: Weighted.of(weights) for code, weights in others.items() if weights}
