from __future__ import annotations

import pytest

from analysis.intake.pdf_layout import PageLine, Row, Setting, lines_of, paragraphs_of

Word = dict[str, object]

RIGHT = 100.0
ROW = Row(1, 1, (), (), is_row=False, right=RIGHT, left=0.0)
SETTING = Setting(distance=12.0, first_bullet=5.0)


def words_of(text: str, top: float, x0: float = 5.0, font: str = "Arial") -> list[Word]:
    """Return the words of a line, each letter of which is 4 points wide."""
    words: list[Word] = []
    for word in text.split(" "):
        x1 = x0 + 4 * len(word)
        place = {"x0": x0, "x1": x1, "top": top, "bottom": top + 10}
        words.append({"text": word, "fontname": font, **place})
        x0, font = x1 + 2, "Arial"
    return words


def lines(*told: tuple[str, float] | tuple[str, float, float]) -> list[PageLine]:
    return [PageLine(tuple(words_of(text, *where))) for text, *where in told]


def paragraphs(*told: tuple[str, float] | tuple[str, float, float]) -> list[tuple[str, int]]:
    found = paragraphs_of(lines(*told), ROW, SETTING)
    return [(paragraph.text, paragraph.level) for paragraph in found]


FULL = "Boats leave before dawn"  # 23 letters: no word finds room after it


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(FULL, 0.0), ("and fish.", 12.0)], [(f"{FULL} and fish.", -1)]),
        ([("Fuel.", 0.0), ("Boats.", 12.0)], [("Fuel.", -1), ("Boats.", -1)]),
        ([(FULL, 0.0), ("Fuel is dear.", 18.0)], [(FULL, -1), ("Fuel is dear.", -1)]),
        ([(f"• {FULL}", 0.0), ("and fish.", 12.0)], [(f"{FULL} and fish.", 0)]),
        ([(f"{FULL} •", 0.0), ("• Fuel.", 12.0)], [(f"{FULL} •", -1), ("Fuel.", 0)]),
        ([("• Boats.", 0.0), ("• Fuel.", 12.0, 20.0)], [("Boats.", 0), ("Fuel.", 1)]),
        ([("• Boats.", 0.0), ("○ Fuel.", 12.0)], [("Boats.", 0), ("Fuel.", 1)]),
        ([("(cid:127) Boats.", 0.0), ("- Fuel.", 12.0)], [("Boats.", 0), ("Fuel.", 0)]),
        ([(f"{FULL} wa\u00ad", 0.0), ("ter.", 12.0)], [(f"{FULL} water.", -1)]),
        ([(f"{FULL} peer-", 0.0), ("led.", 12.0)], [(f"{FULL} peer-led.", -1)]),
    ],
)
def test_lines_are_put_into_paragraphs_by_where_they_stand(
    told: list[tuple[str, float]], expected: list[tuple[str, int]]
) -> None:
    """Room at the end of a line, distance, and bullets tell where a paragraph ends."""
    assert paragraphs(*told) == expected


def test_bullet_in_a_font_of_symbols_is_none_of_the_words() -> None:
    """A letter in a font of symbols at the start of a line is a bullet; elsewhere it is a word."""
    bullet = PageLine(tuple(words_of("o Boats", 0.0, 5.0, "ABC+CourierNew")))
    word = PageLine(tuple(words_of("o governo", 0.0)))

    assert (bullet.is_bullet, bullet.without_bullet()) == (True, "Boats")
    assert not word.is_bullet


def test_words_of_about_one_height_are_a_line() -> None:
    """Words are read from left to right and from top to bottom, in whatever order they come."""
    words = [*words_of("second line", 12.0), *words_of("first", 1.0), *words_of("the", 0.0, 40.0)]

    assert [line.text for line in lines_of(words)] == ["first the", "second line"]
