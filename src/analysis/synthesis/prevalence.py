"""Prevalence: in how many focus groups a theme or a code occurs, of those that answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.synthesis.claims import SEGMENTS
from analysis.synthesis.figures import draw, paint_dots
from analysis.synthesis.markup import Row, bar, element, join, table, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from analysis.synthesis.claims import Claim, Fragment, Ledger
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.markup import Content


@dataclass(frozen=True)
class Prevalence:
    """The prevalence of one theme or code at a place.

    Parameters
    ----------
    code : str
        The theme or code.
    name : str
        Its name.
    is_theme : bool
        Whether it is a theme.
    claim : Claim
        Focus groups in which it occurs, of those with a coded segment.
    segments : Claim
        Segments on which it counts.
    by_all : Claim or None
        Segments on which every coder of the focus group put it; None for a theme, and where no
        focus group had more than one coder.
    """

    code: str
    name: str
    is_theme: bool
    claim: Claim
    segments: Claim
    by_all: Claim | None

    @property
    def share(self) -> float:
        """The share of the focus groups, for a bar or a figure; never shown as a percentage."""
        return (self.claim.numerator or 0) / (self.claim.denominator or 1)


def measure_prevalence(corpus: Corpus, ledger: Ledger) -> list[Prevalence]:
    """Return the prevalence of each theme, each followed by that of its codes.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        Where the claims are made.

    Returns
    -------
    list of Prevalence
        Themes by falling prevalence, then by name, and codes within a theme likewise. Codes that
        occur nowhere are listed too: that something was not said is a result.
    """
    book = corpus.study.codebook
    themes = [_measure(corpus, ledger, theme, "theme") for theme in book.themes]
    return [
        prevalence
        for theme in sorted(themes, key=_by_prevalence)
        for prevalence in [theme, *_measure_codes(corpus, ledger, theme.code)]
    ]


def _measure_codes(corpus: Corpus, ledger: Ledger, theme: str) -> list[Prevalence]:
    codes = corpus.study.codebook.codes_of(theme)
    return sorted((_measure(corpus, ledger, code, "code") for code in codes), key=_by_prevalence)


def _by_prevalence(prevalence: Prevalence) -> tuple[int, str]:
    return (-(prevalence.claim.numerator or 0), prevalence.name)


def _measure(corpus: Corpus, ledger: Ledger, code: str, column: str) -> Prevalence:
    name = corpus.study.codebook.name(code)
    evidence = corpus.raised(code)
    where = f"in {corpus.name}"
    return Prevalence(
        code=code,
        name=name,
        is_theme=column == "theme",
        claim=ledger.count(
            f"prevalence.{code}",
            f"Focus groups {where} that raised {name}",
            evidence.focus_groups,
            of=corpus.coded_groups,
            segments=evidence.segments,
        ),
        segments=ledger.number(
            f"segments.{code}",
            f"Segments {where} that bear {name}",
            (len(evidence.segments), SEGMENTS),
            **evidence._asdict(),
        ),
        by_all=_claim_by_all(corpus, ledger, code) if column == "code" else None,
    )


def _claim_by_all(corpus: Corpus, ledger: Ledger, code: str) -> Claim | None:
    if not corpus.has_several_coders:
        return None
    by_all = corpus.agreed(code)
    name = corpus.study.codebook.name(code)
    return ledger.number(
        f"by_all.{code}",
        f"Segments in {corpus.name} on which every one of several coders put {name}",
        (len(by_all.segments), SEGMENTS),
        **by_all._asdict(),
    )


def draw_prevalence(corpus: Corpus, ledger: Ledger, measured: Iterable[Prevalence]) -> Fragment:
    """Return the figure of themes by the focus groups that raised them.

    Parameters
    ----------
    corpus : Corpus
        The corpus of the place.
    ledger : Ledger
        The claims of the report.
    measured : iterable of Prevalence
        Themes and codes; codes are left to the table.
    """
    if corpus.is_single:
        alone = (
            "One focus group speaks here: how much of it bears a theme is told, and no prevalence."
        )
        return ledger.show(element("p", alone))
    themes = [prevalence for prevalence in measured if prevalence.is_theme]
    names = [theme.name for theme in themes]
    values = [f"{theme.claim.numerator} of {theme.claim.denominator}" for theme in themes]
    counts = "; ".join(f"{name}, {value}" for name, value in zip(names, values, strict=True))
    title = f"Focus groups in {corpus.name} that raised each theme"
    figure = draw(
        "figure-prevalence",
        title,
        f"{title}: {counts}.",
        rows=len(themes) + 2,
        paint=paint_dots(
            names, [("focus groups", [theme.share for theme in themes])], ("none", "half", "all")
        ),
    )
    return ledger.show(figure)


def show_prevalence(corpus: Corpus, ledger: Ledger, measured: Sequence[Prevalence]) -> Fragment:
    """Return the table of themes and codes with the focus groups that raised them."""
    columns: dict[str, Callable[[Prevalence], Content]] = {}
    if not corpus.is_single:
        columns["Focus groups"] = _groups
    columns["Segments"] = _segments
    if any(prevalence.by_all for prevalence in measured):
        columns["Segments agreed by all coders"] = _agreed
    rows = [
        Row(
            term(prevalence.name),
            [show(prevalence) for show in columns.values()],
            kind="theme" if prevalence.is_theme else "code",
        )
        for prevalence in measured
    ]
    unit, verb = ("Segments", "bear") if corpus.is_single else ("Focus groups", "raised")
    caption = f"{unit} in {corpus.name} that {verb} each theme and code"
    return ledger.show(table("prevalence", caption, ["Theme and code", *columns], rows))


def _groups(prevalence: Prevalence) -> Content:
    return join([prevalence.claim, bar(prevalence.share)])


def _segments(prevalence: Prevalence) -> Content:
    return prevalence.segments


def _agreed(prevalence: Prevalence) -> Content:
    return prevalence.by_all or ""


def most_heard(measured: Iterable[Prevalence], most: int = 3) -> list[Prevalence]:
    """Return the themes that the most focus groups raised, all that tie with the last included.

    Parameters
    ----------
    measured : iterable of Prevalence
        Themes and codes by falling prevalence.
    most : int, optional
        How many themes, before ties.
    """
    themes = [p for p in measured if p.is_theme and p.claim.numerator]
    if len(themes) <= most:
        return themes
    least = themes[most - 1].claim.numerator or 0
    return [theme for theme in themes if (theme.claim.numerator or 0) >= least]
