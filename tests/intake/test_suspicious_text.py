from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from intake.conftest import Read

OFTEN = "lake fishers fish, lake fishers sail, lake fishers rest, all lake fishers\n"
REPLACED = "a word that a search-and-replace seems to have changed"


def suspected(read: Read, text: str) -> list[tuple[str, str]]:
    """Return the suspicions about a text, each with its place."""
    found = read("sent.txt", f"{text}\nSTOP\n").suspicions
    return [(each.place, each.what) for each in found]


def test_word_that_a_replacement_went_through_is_suspected_with_its_line(read: Read) -> None:
    """Letters glued to a phrase that occurs often are reported; the word is not."""
    assert suspected(read, f"{OFTEN}Lake fishersitzterland\n") == [("line 2", REPLACED)]


@pytest.mark.parametrize("text", ["lake fisherman", "lake fishers'", "fishersitzterland", "a lake"])
def test_other_words_are_no_suspicion(text: str, read: Read) -> None:
    """Another word after the first, and the phrase itself, are as they should be."""
    assert suspected(read, f"{OFTEN}{text}\n") == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("gmial.com", "gmail.com?"),
        ("unids.org", "unaids.org?"),
        ("lakes.org", "it is almost one that the text names"),
    ],
)
def test_host_that_is_almost_a_known_one_is_suspected(host: str, expected: str, read: Read) -> None:
    """Hosts are compared with well-known ones, and with those of the text, which are not shown."""
    text = f"Write to somebody@{host}\nSee www.lake.org\n"

    assert suspected(read, text) == [
        ("line 1", f"the host of a mail address looks mistyped: {expected}")
    ]


@pytest.mark.parametrize("host", ["gmail.com", "lake.org", "harbour.example"])
def test_other_hosts_are_no_suspicion(host: str, read: Read) -> None:
    """A host that is known, named or like none is as it should be."""
    assert suspected(read, f"Write to somebody@{host}\nSee www.lake.org\n") == []
