from __future__ import annotations

import pytest
from made_tables import make_groups

from analysis.tables.focus_groups import (
    Participants,
    count_participants,
    may_count,
    parse_participants,
    split_values,
    understand_participants,
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", ()),
        (" ; ", ()),
        ("esa", ("esa",)),
        ("wca;esa", ("wca", "esa")),
        (" esa ; wca ;", ("esa", "wca")),
    ],
)
def test_splits_a_cell_of_several_values(text: str, values: tuple[str, ...]) -> None:
    """The values of a cell keep their order and lose outer space; blank ones are none."""
    assert split_values(text) == values


def test_reads_participants_by_kind_and_place() -> None:
    """Participants read as a count, a kind and, where it is said, a place."""
    participants = parse_participants("15 sex worker networks (esa); 5 UNHCR and UNAIDS staff")

    assert participants == (
        Participants(15, "sex worker networks", "esa"),
        Participants(5, "UNHCR and UNAIDS staff", ""),
    )


def test_counts_all_participants() -> None:
    """Fifteen members and five others are twenty participants; nobody is none."""
    assert [count_participants("15 members (esa); 5 others"), count_participants("")] == [20, 0]


@pytest.mark.parametrize(
    "text",
    [
        "15",
        "0 members",
        "-3 members",
        "1.5 members",
        "about 15 members",
        "members (esa)",
        "15 members (esa",
        "15 members (esa) and more",
        "15 members ()",
        "15 members; five others",
        "15 (esa)",
    ],
)
def test_refuses_other_forms_without_repeating_them(text: str) -> None:
    """Participants of another form are refused, and their words kept out of the message."""
    with pytest.raises(ValueError, match=r"expected COUNT KIND \(PLACE\)") as refusal:
        parse_participants(text)

    assert "members" not in str(refusal.value)


def test_counts_where_consent_allows_and_nothing_was_withdrawn() -> None:
    """Only consent that is given and not taken back lets a focus group count."""
    groups = make_groups(
        [
            {"focus_group": "shown", "consent": "public"},
            {"focus_group": "unnamed", "consent": "public-without-names"},
            {"focus_group": "counted", "consent": "aggregate-only"},
            {"focus_group": "refused", "consent": "none"},
            {"focus_group": "unstated", "consent": ""},
            {"focus_group": "withdrawn", "consent": "public", "withdrawn": "2020-11-01"},
        ]
    )

    counted = groups.loc[may_count(groups), "focus_group"].tolist()

    assert counted == ["shown", "unnamed", "counted"]


def test_kinds_are_those_understood() -> None:
    """A text that is understood gives each kind with its count."""
    understood = understand_participants("8 peers (KEN); 1 nurse")

    assert [(part.count, part.kind) for part in understood] == [(8, "peers"), (1, "nurse")]
