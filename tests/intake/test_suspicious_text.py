from __future__ import annotations

import pytest

from analysis.intake.markdown_text import split_lines
from analysis.intake.suspicious_text import suspicions_of

OFTEN = "lake fishers fish, lake fishers sail, lake fishers rest, all lake fishers\n"
REPLACED = "a word that a replacement of words seems to have gone through"


def told(text: str) -> list[tuple[str, str]]:
    return [(each.place, each.what) for each in suspicions_of(list(split_lines(text)))]


def test_word_that_a_replacement_went_through_is_told_with_its_line() -> None:
    """Letters glued to a phrase that occurs often are told; the word is not."""
    assert told(f"{OFTEN}Lake fishersitzterland\n") == [("line 2", REPLACED)]


@pytest.mark.parametrize("text", ["lake fisherman", "lake fishers'", "fishersitzterland", "a lake"])
def test_other_words_are_no_suspicion(text: str) -> None:
    """Another word after the first, and the phrase itself, are as they should be."""
    assert told(f"{OFTEN}{text}\n") == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("gmial.com", "gmail.com?"),
        ("unids.org", "unaids.org?"),
        ("lakes.org", "it is almost one that the text names"),
    ],
)
def test_host_that_is_almost_a_known_one_is_told(host: str, expected: str) -> None:
    """Hosts are compared with well-known ones, and with those of the text, which are not told."""
    text = f"Write to somebody@{host}\nSee www.lake.org\n"

    assert told(text) == [("line 1", f"the host of a mail address looks mistyped: {expected}")]


@pytest.mark.parametrize("host", ["gmail.com", "lake.org", "harbour.example"])
def test_other_hosts_are_no_suspicion(host: str) -> None:
    """A host that is known, named or like none is as it should be."""
    assert told(f"Write to somebody@{host}\nSee www.lake.org\n") == []
