from __future__ import annotations

import pytest

from analysis.quality.personal_data.kinds import KINDS, find_all
from analysis.quality.personal_data.scan import scan_text

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
]
NOTHING = [
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
    "",
]


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_kind_is_found(kind: str, text: str) -> None:
    """Each way to say it is told by its kind, and by no other."""
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
