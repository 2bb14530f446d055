from __future__ import annotations

from analysis.synthetic.rewording import Rewording

SENTENCE = "Nobody rings at night to ask the members what they need."
WITH_COMMA = "ARVs are kept at the bar, and the owner asks for no name."


def _reword(*texts: str, times: int) -> list[list[str]]:
    rewording = Rewording({"nobody": ("no one",)}, ["as one member put it", "to quote a newcomer"])
    return [rewording.reword(texts) for _ in range(times)]


def test_each_focus_group_has_other_words() -> None:
    """The first says the sentence as it is, the next with a synonym, others say who said it."""
    wordings = [texts[0] for texts in _reword(SENTENCE, times=4)]

    assert wordings == [
        SENTENCE,
        "No one rings at night to ask the members what they need.",
        "Nobody rings at night to ask the members what they need, as one member put it.",
        "No one rings at night to ask the members what they need, to quote a newcomer.",
    ]


def test_reports_are_where_a_sentence_can_be_interrupted() -> None:
    """Who said something comes between two clauses; later another one comes first."""
    wordings = [texts[0] for texts in _reword(WITH_COMMA, times=4)]

    assert wordings[1:3] == [
        "ARVs are kept at the bar, and, as one member put it, the owner asks for no name.",
        "ARVs are kept at the bar, and, to quote a newcomer, the owner asks for no name.",
    ]
    assert wordings[3].startswith("As one member put it, ARVs are kept at the bar, and, ")


def test_wordings_differ_as_long_as_there_are_any() -> None:
    """Two synonyms and two reports, apart and together, give 14 different wordings."""
    wordings = [texts[0] for texts in _reword(SENTENCE, times=14)]

    assert len(set(wordings)) == 14


def test_short_sentences_and_repetitions_stay_as_they_are() -> None:
    """What a focus group says twice has the same words twice; few words may be said by anybody."""
    texts = ("It came near the top.", SENTENCE, SENTENCE)

    first, second = _reword(*texts, times=2)

    assert first == list(texts)
    assert second[0] == texts[0]
    assert second[1] == second[2] != SENTENCE


def test_parts_between_colons_are_sentences_too() -> None:
    """A long sentence differs in at least its longest part, and in each long one."""
    short = "Nobody called it lying there: they called it peace."

    (_, (wording,)) = _reword(short, times=2)

    assert wording == "No one called it lying there: they called it peace."
