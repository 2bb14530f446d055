from __future__ import annotations

import pytest

from analysis.intake.stated_consent import (
    NOT_UNDERSTOOD,
    UNANSWERED,
    UNTICKED,
    read_consent,
)
from analysis.study.instrument import read_instrument

UNREAD = ("none", NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Yes", "en", ("public", "")),
        ("Yes, thank you.", "en", ("public", "")),
        ("**Yes** (without participants\u2019 names)", "en", ("public-without-names", "")),
        ("Yes, but without our names", "en", ("public-without-names", "")),
        ("Oui, sans les noms", "fr", ("public-without-names", "")),
        ("Não", "pt", ("none", "")),
        ("No, thanks", "en", ("none", "")),
        ("Sí", "es", ("public", "")),
        ("Not sure", "en", UNREAD),
        ("Not sure, yes?", "en", UNREAD),
        ("Yes?", "en", UNREAD),
        ("Yes and no", "en", UNREAD),
        ("Yes, but please do not publish", "en", UNREAD),
        ("Yes, only in aggregate form", "en", UNREAD),
        ("Yes, but only for UNAIDS", "en", UNREAD),
        ("Yes but only internally", "en", UNREAD),
        ("Yes, if our names are removed", "en", UNREAD),
        ("Yes, only for counting, not our words", "en", UNREAD),
        ("Oui, mais ne pas publier", "fr", UNREAD),
        ("Oui, mais pas nos noms", "fr", UNREAD),
        ("Oui, sans publier les noms", "fr", UNREAD),
        ("Sim, mas não publicar", "pt", UNREAD),
        ("Si, pero no publicar", "es", UNREAD),
        ("Solo si se quitan los nombres", "es", UNREAD),
        ("Preguntar si el grupo acepta", "es", UNREAD),
        ("Yes\nNo", "en", UNREAD),
        ("Yes \u2610 No \u2612", "en", UNREAD),
        ("Yes\n\u2610", "en", UNREAD),
        ("Yes ( )", "en", UNREAD),
        ("\u2612 Yes \u2610 No", "en", ("public", "")),
        ("", "en", ("none", UNANSWERED)),
    ],
)
def test_consent_is_what_the_answer_says(
    text: str, language: str, expected: tuple[str, str]
) -> None:
    """Only a yes allows anything; what is not understood to its last word allows nothing."""
    assert read_consent(text, language) == expected


@pytest.mark.parametrize("language", ["en", "fr", "pt", "es"])
def test_ticked_option_is_the_consent(language: str) -> None:
    """Of options to tick the ticked one counts, of two the stricter, of none nothing."""
    options = read_instrument(language).form.consent_options

    def ticked(*chosen: str, tick: str = "[x]", beside: str = "") -> tuple[str, str]:
        lines = [f"{tick if name in chosen else '[ ]'} {each}" for name, each in options.items()]
        return read_consent("\n".join([*lines, beside]), language)

    for tick in ("[x]", "\u2612", "\u2611", "\u2713", "\u2610 X", "\u2610 x", "\u2610 \u2713", "x"):
        assert [ticked(name, tick=tick) for name in options] == [(name, "") for name in options]
    assert ticked("public", "aggregate-only") == ("aggregate-only", "")
    assert ticked() == read_consent("\n".join(options.values()), language) == ("none", UNTICKED)
    assert ticked("public", beside="Jane Doe 2020") == ("none", NOT_UNDERSTOOD)
    assert read_consent(options["aggregate-only"], language) == ("aggregate-only", "")
    wrapped = "\u2612 " + "\n".join(options["public-without-names"].rsplit(" ", 3))
    assert read_consent(wrapped, language) == ("public-without-names", "")
