from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.quality.personal_data import folding, lexicon
from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.prefilter import patterns
from analysis.quality.personal_data.scan import KINDS, find_all, scan_text, scan_texts

if TYPE_CHECKING:
    from collections.abc import Callable

FOUND = [
    ("email", "Write to a.name@example.org"),
    ("email", "a dot name at example dot org"),
    ("email", "a.name arroba ejemplo punto com"),
    ("email", "a.name (arobase) exemple (point) fr"),
    ("profile", "facebook.com/a.name.9"),
    ("profile", "on Telegram she is @a_name"),
    ("profile", "Instagram: a_name9"),
    ("phone", "+254 700 555 014"),
    ("phone", "0700 555 014"),
    ("phone", "call 5550 1234"),
    ("phone", "(876) 555-0123"),
    ("document", "passport A5550123"),
    ("document", "CPF 555.012.345-67"),
    ("birth-date", "born on 3 May 1990"),
    ("birth-date", "née le 3/5/1990"),
    ("birth-date", "nació el 3 de mayo de 1990"),
    ("name-age", "Achieng, 27, left."),
    ("name-age", "Achieng (27)"),
    ("name-age", "ACHIENG OTIENO, 27, left."),
    ("name-age", "27-year-old Achieng"),
    ("name-age", "Fatou, 27 ans"),
    ("name-age", "Jussara tem 27 anos"),
    ("name-age", "Jussara tem vinte e sete anos"),
    ("name-age", "Fatou a trente-deux ans"),
    ("name-age", "Milagros tiene treinta y un años"),
    ("name-age", "Jussara fez 27 ontem"),
    ("name-age", "Zkola, who turned 27 in March"),
    ("name-age", "Zkola, a 27-year-old from the coast"),
    ("name-age", "Fatou et ses 27 ans"),
    ("name-age", "Achieng at 27 had seen it all"),
    ("name-age", "B.N., 27, left."),
    ("name-age", "Milagros, de 27 años"),
    ("name-age", "Zozibini, 27 years old"),
    ("name-role", "Ms Okonjo said so"),
    ("name-role", "Dra. Huamán"),
    ("name-role", "Gulnara, a nurse at the shelter"),
    ("name-role", "Awa Diop, présidente du réseau"),
    ("name-role", "Rekha from the network"),
    ("name", "Nusrat Jahan left"),
    ("name", "a woman called Grace"),
    ("name", "Achieng told us so"),
    ("name-alone", "as Achieng wished"),
    ("local-place", "on Luthuli Avenue"),
    ("local-place", "rue de Marseille"),
    ("local-place", "the Blue Moon Bar"),
    ("local-place", "el barrio Santa Fe"),
    ("local-place", "corner of King and Duke"),
    ("email", "a.name @ example . org"),
    ("email", "a.name@ example .org"),
    ("profile", "my Instagram handle is softmoonlight"),
    ("profile", "On Snapchat I am moon.light"),
    ("profile", "username moonlight7 on Twitter"),
    ("phone", "Her number: O7OO 555 O14"),
    ("phone", "call 07O0 555 01O"),
    ("document", "a grey van, number plate KCA 123B"),
    ("document", "госномер A123BC 77"),
    ("document", "placa ABC-1234"),
    ("document", "Case No. 1234/2019"),
    ("document", "expediente 123/4/2019"),
    ("document", "My case is No. 123/2019"),
    ("local-place", "left at -1.2921, 36.8219"),
    ("local-place", "GPS 1°17'31\"S 36°49'19\"E"),
    ("local-place", "на улице Рудаки"),
    ("birth-date", "Дата рождения: 03.05.1990"),
    ("name-age", "Zkola, Kenya, sex worker, 19 years old"),
    ("name-age", "ZKOLA, Kenya, sex worker, 19 years old"),
    ("name-age", "Zkola Mbula, Kenya, peer educator, 22"),
    ("name-age", "Zkola (19) from Kenya"),
    ("name-age", "Zkola from Kenya, 31: my room is all I have"),
    ("name-age", "Achieng, 6, waits outside."),
    ("name-age", "Achieng (7)"),
    ("name-age", "her daughter Zkola, 4, waits."),
    ("name-age", "Fatou a 8 ans"),
    ("name-age", "Zkola, twenty-six, has two children"),
    ("name-age", "Zkola, who is thirty one years old"),
    ("name-age", "Zkola, veintinueve años"),
    ("name-age", "Achieng Otieno (born 1987)"),
    ("name-age", "Zkola, b. 1987"),
    ("name-age", "Fatou, née en 1987"),
    ("name-age", "Айгуль, 27 лет"),
    ("name-age", "Gayane, 31, left."),
    ("name-age", "Dzmitry, 24, left."),
    ("name-role", "Zkola Mbula, Kenya, peer educator"),
    ("name-role", "Our paralegal Zkola slept there."),
    ("name-role", "Капитан Омарова приходит."),
    ("name", "Written down by Zkola Mbula"),
    ("name", "Расшифровка: Зкола Мбула"),
    ("name", "My name is Zkola."),
    ("name", "Je m'appelle Zkola."),
    ("name", "меня зовут Зкола"),
    ("name", "A.K. from Gyumri"),
    ("name", "A. K., Osh"),
    ("name", "A.K. (Osh)"),
    ("name", '"Not again," says Zkola.'),
    ("name-alone", "Даже Айгуль уехала."),
]
NOTHING = [
    "Her username moonlight7 is in nobody's phone.",
    "Hope for 2030 came up in 12 of 15 groups.",
    "Grace, 12 of us said, is not what we ask for.",
    "Mercy is not what we need.",
    "Sex workers aged 18-24 and 25 to 40",
    "Mali (10), Niger (18) and Togo (16)",
    "In Kenya, 27 took part.",
    "Sunday, 12 April 2020",
    "1 250 000 condoms, 2015 to 2019",
    "Article 27 of the Penal Code, 1860-1880",
    "A nurse at the clinic, a lawyer, a peer educator",
    "Nairobi, a doctor said, has one clinic.",
    "However, a nurse told us otherwise.",
    "The Alliance of Women, coordinator of the region",
    "call centres reached 1 200 000 people",
    "every corner of Kenya",
    "In the U.S., 27, and in the U.K., 12.",
    "The Alliance turned 20 in May; Kenya at 27 was first.",
    "La Maison a vingt ans.",
    "Zkolanet tem 20 anos; Zkolanette a 18 ans.",
    "We met via Zoom, via Teams and via Blackboard.",
    "Zoom, 20 of us, cameras off.",
    "On Twitter, 15 insults a day; my account is suspended.",
    "Oh God, 15 minutes; wow, 20 people; Okay, 12 agree.",
    "She is 27, he is 6, my son is 8 years old.",
    "Hombre, 27 años, migrante. Femme, 34 ans. Женщина, 34 года.",
    "P3: yes. Interviewer: and then? Participant 7, 34: no.",
    "As Nelson Mandela said, and Lula da Silva, and Wangari Maathai.",
    "Путин обещал это, помните?",
    "The Elton John AIDS Foundation, the Marie Stopes clinic, Luis Garcia Park",
    "Rosa Parks University and the Amina Juma Foundation",
    "L'hôpital Gabriel Touré, el parque Simón Bolívar, имени Манаса",
    "Independence Day, 25 of us; Freedom Day, 27 April",
    "Nairobi (19), Lusaka (24) and Lagos (31) sent delegates.",
    "Foucault, 1975; Braun, 2006; Butler (1990)",
    "In case 2020 is worse; the case of 1998; complaint 12",
    "The plate was empty at 12; registration opens at 9",
    "It rose from 1.2921 to 1.3",
    "Слава Богу, 18 вышли. Закон 2016 года.",
    "",
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_kind_is_found(kind: str, text: str) -> None:
    """Each way to say it is found as its kind, and as no other."""
    assert scan_text(text) == (kind,)


@pytest.mark.parametrize("text", NOTHING)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    """Groups, numbers, laws, places and virtues are no persons."""
    assert scan_text(text) == ()


def test_each_kind_has_its_examples() -> None:
    """No kind is without a test."""
    assert {kind for kind, _ in FOUND} == {each.kind for each in KINDS}


def test_findings_do_not_overlap() -> None:
    """A number after the word passport is no telephone besides."""
    found = find_all("Passport A0700555014. Please call 0700 555 015.")

    assert [each.kind for each in found] == ["document", "phone"]


PIECES = (
    *(
        "Achieng",
        "ACHIENG",
        "Dr",
        "Okonjo",
        "Zola",
        "27",
        " (",
        "), ",
        ", ",
        " aged ",
        " ans",
        " is ",
    ),
    *("+254 ", "0700 ", "555 ", "014", "passport ", "A0555123", "born ", "3 May 1990", "@", "name"),
    *(".org", " at ", " dot ", "the ", "nurse", "rue de ", "Marseille", " Street", "bar ", "Le "),
    *("Zkola", " (27yo)", ", 27yrs,", " aged 27yo", ", age:27.", "\u2013age/27", " - 27", " de "),
    *("Her ", "passport is ", "passport no. ", "ID ", "card ", "K12B345", "AB1234C5", "n\u00e9e, "),
    *("turned ", "27 ", "in ", "years", "-old ", " y.o.", "who ", "has ", "hoy", "Idade ", "] "),
    *("KENYA", "O'Neil", " W.", "M ", "plate ", "case no ", "account ", "night_6 ", "on Line"),
    *(" told us", " called ", "my friend ", "D\u2019", "\u00e9", "\u200b", "\uff17", "  ", "\n"),
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "Call \uff10\uff17\uff10\uff10 \uff15\uff15\uff15 \uff10\uff11\uff14."),
        ("phone", "Call \u0660\u0667\u0660\u0660 \u0665\u0665\u0665 \u0660\u0661\u0664."),
        ("phone", "Call 07\u200b00 55\u00ad5 01\u20604."),
        ("phone", "Call 0700\u2009555\u2011014."),
        ("email", "Write to a.na\u200bme@exam\u200dple.org"),
        ("email", "Write to a.name\uff20example\uff0eorg"),
        ("name-age", "Aiss\u0061\u0301tou, \u0662\u0667, left."),
        ("name-role", "Dr\u00a0 Okonjo"),
        ("name-age", "Achieng,\n27, left."),
    ],
)
def test_ways_of_writing_do_not_evade(kind: str, text: str) -> None:
    """Digits of other scripts, invisible signs and odd white space hide nothing."""
    assert scan_text(text) == (kind,)
    assert scan_texts(pd.Series([text])) == {0: (kind,)}


def test_findings_are_listed_by_the_position_of_the_text() -> None:
    """Only texts in which something is found are listed, and missing ones hold nothing."""
    texts = pd.Series(["Care is far.", None, "Achieng, 27, left.", ""], dtype="str")

    assert scan_texts(texts) == {2: ("name-age",)}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name-age", "Zkola (27yo)"),
        ("name-age", "Zkola, 27yrs, left."),
        ("name-age", "Zkola, aged 27yo"),
        ("name-age", "Zkola (27y/o), peer"),
        ("name-age", "Zkola, age:27."),
        ("name-age", "Zkola\u2013age/27"),
        ("name-age", "Zkola [aged 27] left."),
        ("name-age", "Zkola, a 27-year-old"),
        ("name-age", "Zkola, idade 27 pessoas"),
        ("name-age", "Zkola; edad, 27x"),
        ("name-age", "Aged 27 ans, Zkola left."),
        ("document", "Her passport is AB1234C5."),
        ("document", "passport no. A1B2C3D4E5"),
        ("document", "passport is K12B345"),
        ("document", "ID card KE1234A5"),
        ("birth-date", "Elle est n\u00e9e, le 8 mai 1975."),
        ("name-role", "Zkola (par la patronne du bar)"),
        ("name-role", "Miss de Zkola left."),
        ("name-role", "Zkola, the old nurse"),
        ("name-role", "Zkola (peer nurse) left."),
    ],
)
def test_words_close_to_a_finding_hide_nothing(kind: str, text: str) -> None:
    """What is directly next to an age, a number or a role does not keep a text from the scan."""
    assert scan_text(text) == (kind,)
    assert scan_texts(pd.Series([text])) == {0: (kind,)}


ENDINGS = (
    *(".", ",", ";", ":", "!", "?", ")", " ans", " anos", " years", "-years-old", " y/o", "yrs"),
    *(" from here", " who", " and", " but", " when", " e", " y", " et", " mas", " pero", " mais"),
    *(" que", " qui", ""),
)
MOMENTS = (
    *("in", "on", "at", "this", "next", "last", "today", "yesterday", "em", "no", "na", "hoje"),
    *("ontem", "en", "el", "este", "hoy", "ayer", "hier", "cette", "cet"),
)


@pytest.mark.parametrize("ending", ENDINGS)
def test_age_is_seen_whatever_ends_it(ending: str) -> None:
    """No list has the name: the age alone leads to it."""
    text = f"We heard Zkola, aged 27{ending}"

    assert scan_texts(pd.Series([text])) == {0: scan_text(text)} == {0: ("name-age",)}


@pytest.mark.parametrize("moment", MOMENTS)
def test_age_is_seen_where_it_is_said_when(moment: str) -> None:
    """No list has the name, and no sign ends the age."""
    text = f"Zkola, who turned 27 {moment} X"

    assert scan_texts(pd.Series([text])) == {0: scan_text(text)} == {0: ("name-age",)}


@pytest.mark.parametrize("text", ["10 July 2020", "12 peer educators", "27% of us", "covid-19 is"])
def test_numbers_that_are_no_age_need_no_closer_look(text: str) -> None:
    """Dates and counts are in most titles and lists of participants."""
    assert not any(re.search(pattern, f"Zkola, {text}") for pattern in patterns())


@pytest.mark.parametrize("text", ["HIV, as an older member said", "a regular visitor, covid-19 is"])
def test_usual_words_need_no_closer_look(text: str) -> None:
    """An abbreviation before a role is no name, and *regular* is no word for a plate."""
    assert not any(re.search(pattern, text) for pattern in patterns())


@example("said d'Okonjo, nurse")
@example("O. W., KENYA, peer educator")
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_many_texts_are_scanned_as_one_is(text: str) -> None:
    """The prefilter passes over no text that holds something."""
    assert scan_texts(pd.Series([text], dtype="str")).get(0, ()) == scan_text(text)


LABELLED = Path(__file__).parents[3] / "benchmarks" / "personal_data"


def labelled() -> list[str]:
    """Return every sentence that was written to try the scan."""
    texts: list[str] = []
    for path in sorted(LABELLED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    return texts


@pytest.mark.parametrize("write", [str, str.upper, str.lower], ids=["as is", "upper", "lower"])
def test_prefilter_spares_no_labelled_sentence(write: Callable[[str], str]) -> None:
    """In the sentences written to try the scan, many at once have what each one has."""
    texts = list(dict.fromkeys(map(write, labelled())))
    each = {at: kinds for at, text in enumerate(texts) if (kinds := scan_text(text))}

    assert len(texts) > 600
    assert scan_texts(pd.Series(texts, dtype="str")) == each


LATIN = st.text(
    st.characters(max_codepoint=0x17F) | st.sampled_from("\u2018\u2019\u201c\u2013\u2014")
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\uff10\uff17\uff11\uff12", "0712"),
        ("\u0660\u0667\u0661\u0662", "0712"),
        ("\u06f0\u06f7\u06f1\u06f2", "0712"),
        ("a\u200b.na\u2060me\uff20exa\u00admple\u3002org", "a.name@example.org"),
        ("Jose\u0301 and Jos\u00e9", "Jose and Jose"),
        ("l\u2019\u00e9t\u00e9 \u2013 \u201cnow\u201d", 'l\'ete - "now"'),
        ("two\u00a0\u2003words\n and\tone", "two words and one"),
        ("\U0001d5d4\U0001d5fa\U0001d5f6\U0001d5fb\U0001d5ee", "Amina"),
        ("\u0410\u043d\u043d\u0430", "Anna"),
        ("\u0531\u0576\u056b", "\u0531\u0576\u056b"),
    ],
    ids=[
        *("fullwidth digits", "Arabic-Indic digits", "Persian digits", "invisible signs"),
        *("accents apart", "quotes and dash", "spaces", "mathematical letters", "Cyrillic"),
        "Armenian stays",
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    """Every way to write a digit or a Latin letter becomes the plain one."""
    assert fold(text) == folded


@given(LATIN)
def test_short_cut_for_latin_letters_folds_the_same(text: str) -> None:
    """What is folded the fast way reads as if it were folded sign by sign."""
    assert fold(text) == " ".join(text.translate(folding._FOLDS).split())


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """A folded text stays as it is."""
    assert fold(fold(text)) == fold(text)


PACKAGE = resources.files("analysis.quality.personal_data")


def _rows(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader((PACKAGE / file).read_text(encoding="utf-8").splitlines()))


def test_names_come_from_every_region() -> None:
    """No region has fewer than a hundred names in the list."""
    regions = {
        "esa": "swahili kikuyu luo ugandan rwandan shona nguni sotho-tswana zambian-malawian "
        "ethiopian somali malagasy lusophone-african east-african southern-african esa",
        "wca": "igbo yoruba hausa-fulani akan-ewe-ga mande-wolof central-african "
        "senegambian-malian west-african-coast wca",
        "mena": "arabic persian-kurdish mena",
        "ap": "south-asian southeast-asian east-asian pacific mongolian-pacific ap",
        "eeca": "slavic slavic-cyrillic belarusian-ukrainian central-asian-caucasian armenian "
        "georgian azerbaijani kazakh-kyrgyz tajik-uzbek-turkmen eeca",
        "la": "latin-american brazilian la",
        "car": "caribbean haitian-caribbean car",
        "wcena": "english french iberian germanic european wcena",
    }
    rows = _rows("names.csv")
    counts = {
        region: sum(row["origin"] in origins.split() for row in rows)
        for region, origins in regions.items()
    }

    assert sum(counts.values()) == len(rows)
    assert min(counts.values()) > 100


def test_tables_have_no_row_twice() -> None:
    """Each name of an origin and each word of a use is there once, in order."""
    for file in ("names.csv", "words.csv"):
        rows = [tuple(row.values()) for row in _rows(file)]
        assert rows == sorted(set(rows))


def test_a_name_is_sure_or_a_word_and_never_both() -> None:
    """Hope and Lima may be names; Achieng is one."""
    assert lexicon.sure_names().isdisjoint(lexicon.wordy_names())
    assert {"hope", "grace", "faith", "blessing", "sol", "lima"} <= lexicon.wordy_names()
    assert {"achieng", "gulnara", "xiomara", "priya"} <= lexicon.sure_names()
