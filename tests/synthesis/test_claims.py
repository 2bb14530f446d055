from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import ClaimError
from analysis.quality.outcomes import Outcome
from analysis.synthesis.claims import Claim, Ledger
from analysis.synthesis.markup import element
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Callable


def make_warning(message: str = "Too many points.", **said: object) -> Outcome:
    row = {"table": "segments", "touches": ("prevalence.*",), "ids": ("ken.1",), **said}
    return Outcome(
        expectation="e-1",
        stage="cleaned",
        severity="warning",
        verdict="fell_short",
        message=message,
        **row,
    )


def count_stigma(ledger: Ledger, *groups: str) -> Claim:
    return ledger.count(
        "prevalence.stigma", "Raised stigma", groups, of=["ken", "uga", "gha"], segments=["ken.1"]
    )


def test_count_shows_how_many_of_those_that_answered() -> None:
    """A count of focus groups holds its numerator, its denominator and what supports it."""
    claim = count_stigma(Ledger("esa"), "uga", "ken", "ken")

    assert claim == Claim(
        id="esa.prevalence.stigma",
        label="Raised stigma",
        value=2,
        unit="focus groups",
        numerator=2,
        denominator=3,
        focus_groups=("ken", "uga"),
        segments=("ken.1",),
    )


def test_number_may_be_undefined() -> None:
    """A number that is not defined is said to be so."""
    claim = Ledger("study").number("alpha.stigma", "Alpha", (None, "coefficient"))

    assert (claim.value, claim.text) == (None, "not defined")


def test_same_claim_again_is_the_first() -> None:
    """Making the same claim again returns it, so that a number may be in two sections."""
    ledger = Ledger("esa")

    again = [count_stigma(ledger, "ken"), count_stigma(ledger, "ken")]

    assert again == [ledger["prevalence.stigma"]] * 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda ledger: count_stigma(ledger, "ken", "uga"), "made twice, with different values"),
        (lambda ledger: count_stigma(ledger, "ken", "zaf"), "outside its denominator.\n  zaf"),
        (lambda ledger: ledger.number("Stigma", "x", (1, "x")), "malformed id.\n  esa.Stigma"),
        (lambda ledger: ledger.number("a b", "x", (1, "x")), "malformed id.\n  esa.a b"),
        (lambda ledger: ledger["prevalence.stigmas"], "(closest: esa.prevalence.stigma)"),
        (
            lambda ledger: ledger.show(Ledger("esa").number("never-made", "x", (1, "x"))),
            "No claim esa.never-made was made",
        ),
    ],
    ids=["other-value", "outside-denominator", "capital", "space", "unknown", "made-elsewhere"],
)
def test_refuses_claims_that_contradict_themselves(
    make: Callable[[Ledger], object], message: str
) -> None:
    """A claim is refused that contradicts another, or that nothing could lead to."""
    ledger = Ledger("esa")
    count_stigma(ledger, "ken")

    with pytest.raises(ClaimError) as refusal:
        make(ledger)

    assert message in str(refusal.value)


def test_refusal_of_another_value_names_both() -> None:
    """Where a claim contradicts another, both values are listed."""
    ledger = Ledger("esa")
    count_stigma(ledger, "ken")

    with pytest.raises(ClaimError) as refusal:
        count_stigma(ledger, "ken", "uga")

    assert refusal.value.offenders == (
        "Raised stigma: 1 of 3 focus groups",
        "Raised stigma: 2 of 3 focus groups",
    )


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (Claim("a.b", "x", 7, "focus groups", 7, 99), "7 of 99"),
        (Claim("a.b", "x", 7, "focus groups", 7, 100), "7 of 100 (7%)"),
        (Claim("a.b", "x", 0, "focus groups", 0, 0), "0 of 0"),
        (Claim("a.b", "x", 12345, "segments"), "12,345"),
        (Claim("a.b", "x", -0.125, "coefficient"), "-0.12"),
    ],
    ids=["below-100", "from-100", "nobody-answered", "thousands", "coefficient"],
)
def test_value_is_shown_as_counts_and_percent_only_of_many(claim: Claim, text: str) -> None:
    """A percentage follows the counts, and only where the denominator is large."""
    assert claim.text == text


def test_claim_links_to_its_evidence() -> None:
    """The HTML of a claim is its value, linked to what it rests on."""
    claim = count_stigma(Ledger("esa"), "ken")

    assert claim.__html__() == (
        '<a data-claim="esa.prevalence.stigma" href="#esa.prevalence.stigma">1 of 3</a>'
    )


def test_caveat_is_escaped() -> None:
    """Markup in the words of a caveat is shown as the text it is."""
    ledger = Ledger("esa", [make_warning('<img onerror="x">')])

    shown = ledger.show(count_stigma(ledger, "ken"))

    assert "<img" not in shown.html


@pytest.mark.parametrize(
    ("warning", "attached"),
    [
        (make_warning(), True),
        (make_warning(ids=("ken.2",)), False),
        (make_warning(touches=("segments.*",)), False),
        (make_warning(touches=("segments.*", "*stigma")), True),
        (make_warning(table="focus_groups", ids=("ken",)), True),
        (make_warning(table="focus_groups", ids=("uga",)), True),
        (make_warning(table="focus_groups", ids=("zaf",)), False),
        (make_warning(table="focus_groups", ids=("ken.1",)), False),
        (make_warning(ids=()), False),
    ],
    ids=[
        "both-match",
        "other-segment",
        "other-claims",
        "one-of-patterns",
        "its-focus-group",
        "focus-group-asked",
        "other-focus-group",
        "table-decides",
        "no-row",
    ],
)
def test_caveat_needs_both_pattern_and_row(warning: Outcome, attached: bool) -> None:  # noqa: FBT001
    """A caveat attaches where the pattern fits and the claim rests on a row, asked or counted."""
    claim = count_stigma(Ledger("esa", [warning]), "ken")

    assert claim.caveats == (("Too many points.",) if attached else ())


def test_caveat_is_shown_next_to_its_number_and_below() -> None:
    """A number has a mark with its caveat, which is below too; others have none."""
    ledger = Ledger("esa", [make_warning()])
    other = ledger.number("other", "Other", (7, "segments"))

    shown = ledger.show(element("p", count_stigma(ledger, "ken")), element("p", other))

    lines = [" ".join(line.split()) for line in shown.text.splitlines() if line.strip()]
    assert lines == ["1 of 3 \u2020", "7", "\u2020 Too many points."]
    assert shown.html.count('title="Caveat: Too many points."') == 1


def test_expectation_that_fell_short_twice_is_named_once() -> None:
    """Two outcomes of one expectation, of two places, leave both messages and one expectation."""
    warnings = [make_warning("Short in esa."), make_warning("Short in wca.")]

    claim = count_stigma(Ledger("africa", warnings), "ken")

    assert (claim.expectations, claim.caveats) == (("e-1",), ("Short in esa.", "Short in wca."))


def test_only_what_is_shown_is_listed() -> None:
    """A ledger lists the claims that were shown, in the order in which they first were."""
    ledger = Ledger("esa")
    first, second, _unseen = (
        ledger.number(name, name, (1, "segments")) for name in ("first", "second", "unseen")
    )
    ledger.show("Some ", second)
    ledger.show(first, second)

    assert list(ledger) == [second, first]


def test_text_that_looks_like_a_claim_is_none() -> None:
    """Words of others that look like the HTML of a claim show no claim."""
    ledger = Ledger("esa")
    written = str(count_stigma(ledger, "ken").__html__())

    shown = ledger.show(written, element("p", written, title=written))

    assert shown.claims == ()


def test_fragment_travels_with_its_claims() -> None:
    """What Jupyter stores of a fragment is its HTML, its text, and its claims."""
    ledger = Ledger("esa")
    claim = count_stigma(ledger, "ken")

    bundle = ledger.show(element("p", "Raised by ", claim, " & more"))._repr_mimebundle_()

    assert bundle["text/plain"] == "Raised by  1 of 3  & more"
    assert bundle["text/html"].startswith('<p>Raised by <a data-claim="')
    assert [claim["id"] for claim in bundle[CLAIMS_MIME]["claims"]] == ["esa.prevalence.stigma"]
    assert bundle[CLAIMS_MIME]["claims"][0]["focus_groups"] == ("ken",)


def test_claim_is_stored_once() -> None:
    """A claim that is shown again is stored where it was shown first."""
    ledger = Ledger("esa")
    claim = count_stigma(ledger, "ken")
    first, again = (ledger.show(claim) for _ in range(2))

    assert [CLAIMS_MIME in shown._repr_mimebundle_() for shown in (first, again)] == [True, False]
    assert again.claims == (claim,)


def test_fragment_without_claims_stores_none() -> None:
    """A fragment that shows no claim stores HTML and text alone."""
    assert set(Ledger("esa").show("Words.")._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_unit_agrees_with_its_claim() -> None:
    """A unit is in the singular where a claim counts one."""
    ledger = Ledger("esa")
    claims = [ledger.number(f"n{n}", "x", (n, "passages")) for n in (1, 0)]

    assert [claim.quantity for claim in claims] == ["1 passage", "0 passages"]


def test_claim_carries_all_its_segments() -> None:
    """However many segments support a claim, it carries each of them."""
    many = [f"ken.{number}" for number in range(10_000)]

    claim = Ledger("esa").number("all", "All", (len(many), "segments"), segments=many)

    assert claim.segments == tuple(many)
