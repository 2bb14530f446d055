from __future__ import annotations

import pytest

from analysis.intake.contacts import WITHHELD, withhold_contacts


@pytest.mark.parametrize(
    "contact",
    [
        "first.last+hiv@mail.example.org",
        "team@localhost",
        "first- last@mail.example.org",
        "first.last@sex-workers-\nnetwork.example.org",
        "first.last@long-ho st.example",
        "+000 22 333 4444",
        "00 000 22 33 44 55",
        "0700 123 456",
        "(020) 123-4567",
    ],
)
def test_withholds_contacts(contact: str):
    """E-mail addresses and telephone numbers go, and nothing around them."""
    assert withhold_contacts(f"Ask {contact}, please.") == (f"Ask {WITHHELD}, please.", 1)


@pytest.mark.parametrize(
    "text",
    ["2020-2030", "12/10/2020", "15 members, 5 others", "95-95-95", "USD 1 000 000 000", "@peers"],
)
def test_keeps_other_numbers_and_signs(text: str):
    """Years, dates, counts and amounts are no contacts."""
    assert withhold_contacts(text) == (text, 0)


@pytest.mark.parametrize(
    "phones",
    [
        "0712345678 0722345678",
        "0712345678,0722345678",
        "0712 345 678 0722 345 678",
        "+254712345678 +254722345678",
        "+254 712 345 678; 0722 345678",
    ],
)
def test_numbers_in_a_row_are_all_withheld(phones: str) -> None:
    """Of two telephone numbers side by side neither stays."""
    text, count = withhold_contacts(f"Call {phones}.")

    assert not set("0123456789") & set(text)
    assert count == 2
