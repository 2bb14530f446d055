from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from analysis.errors import ClaimError, PublishingError, StudyError
from analysis.publishing.trace import GONE, NO_CONSENT, WITHDRAWN, WITHHELD, trace_claim
from analysis.study.journal import StudyChange
from tiny_study import STUDY, publish_claims, put_value, table_of

if TYPE_CHECKING:
    from pathlib import Path

KEN = 2


def publish(root: Path, report: str, claim: str, *segments: str, study: str = STUDY) -> None:
    """Publish a report that makes one claim."""
    shown = [{"id": claim, "label": "A label", "segments": list(segments)}]
    publish_claims(root, study, report, shown)


def test_claim_leads_to_its_segments(tiny_root: Path) -> None:
    """A claim is traced to its segments, in its order, each with its words and its place."""
    publish(tiny_root, "esa", "esa.prevalence.stigma", "ken.6", "ken.1")

    (trace,) = trace_claim(tiny_root, "esa.prevalence.stigma")

    assert (trace.study, trace.report, trace.claim["label"]) == (STUDY, "esa", "A label")
    assert [
        (shown.segment, shown.focus_group, shown.where, shown.text) for shown in trace.segments
    ] == [
        ("ken.6", "ken", "recommendations, stop 1", "Raids on the places where we work."),
        ("ken.1", "ken", "reaching_person, situation 1", "Clinics close before we wake."),
    ]


@pytest.mark.parametrize("written", ["esa.groups", "#esa.groups"])
def test_claim_is_found_as_it_is_copied(tiny_root: Path, written: str) -> None:
    """A claim may be named as the address of its evidence has it."""
    publish(tiny_root, "esa", "esa.groups")

    assert len(trace_claim(tiny_root, written)) == 1


def test_unknown_claim_is_refused_with_the_closest(tiny_root: Path) -> None:
    """A claim that no report makes is refused, with the closest that one does."""
    publish(tiny_root, "esa", "esa.prevalence.stigma")

    with pytest.raises(ClaimError, match=r"closest: esa\.prevalence\.stigma"):
        trace_claim(tiny_root, "esa.prevalence.stgma")


def test_consent_withholds_words(tiny_root: Path) -> None:
    """Words of a focus group whose consent is for counts only are withheld."""
    publish(tiny_root, "esa", "esa.groups", "uga.1", "ken.1")

    (trace,) = trace_claim(tiny_root, "esa.groups")

    assert [shown.text for shown in trace.segments] == [WITHHELD, "Clinics close before we wake."]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("withdrawn", "2020-11-01", WITHDRAWN),
        ("consent", "aggregate-only", WITHHELD),
        ("consent", "none", NO_CONSENT),
        ("consent", "", NO_CONSENT),
        ("consent", "perhaps", NO_CONSENT),
    ],
)
def test_words_that_may_no_longer_be_shown_are_withheld(
    tiny_root: Path, column: str, value: str, text: str
) -> None:
    """A focus group that withdrew, or lost its consent, is withheld from older reports too."""
    publish(tiny_root, "esa", "esa.groups", "ken.1")
    put_value(tiny_root, "focus_groups", (KEN, column), value)

    (trace,) = trace_claim(tiny_root, "esa.groups")

    assert [shown.text for shown in trace.segments] == [text]


def test_segment_of_an_unknown_focus_group_is_withheld(tiny_root: Path) -> None:
    """Where the table has no such focus group, nothing is known of consent, and words stay."""
    publish(tiny_root, "esa", "esa.groups", "ken.1")
    put_value(tiny_root, "focus_groups", (KEN, "focus_group"), "other")

    (trace,) = trace_claim(tiny_root, "esa.groups")

    assert [shown.text for shown in trace.segments] == [NO_CONSENT]


def test_segment_that_is_gone_is_reported(tiny_root: Path) -> None:
    """A segment that the tables no longer have is named, and not passed over."""
    publish(tiny_root, "esa", "esa.groups", "ken.99", "ken.1")

    (trace,) = trace_claim(tiny_root, "esa.groups")

    first = trace.segments[0]
    assert (len(trace.segments), first.segment, first.text) == (2, "ken.99", GONE)


def test_change_that_was_cut_short_is_completed_first(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that were on their way out of the tables are not shown."""
    publish(tiny_root, "esa", "esa.groups", "ken.1")
    folder = tiny_root / "data" / STUDY
    with monkeypatch.context() as killing:
        killing.setattr("analysis.study.journal.complete_change", lambda _: None)
        killing.setattr("analysis.study.journal.StudyChange.__exit__", lambda *_: None)
        with StudyChange(folder) as change:
            text = table_of(tiny_root, "segments").read_text(encoding="utf-8")
            changed = text.replace("Clinics close before we wake.", "Other words.")
            change.stage("segments.csv").write_text(changed, encoding="utf-8")
            change.commit()

    (trace,) = trace_claim(tiny_root, "esa.groups")

    assert [shown.text for shown in trace.segments] == ["Other words."]


def test_each_report_that_makes_the_claim_is_listed(tiny_root: Path) -> None:
    """Several reports may make a claim of the same id; a study named narrows them down."""
    (tiny_root / "data" / STUDY).rename(tiny_root / "data" / "other")
    publish(tiny_root, "esa", "esa.groups", study="other")
    publish(tiny_root, "esa-cleaning", "esa.groups", study="other")

    whole = trace_claim(tiny_root, "esa.groups")
    narrowed = trace_claim(tiny_root, "esa.groups", study="other")

    assert [trace.report for trace in whole] == ["esa-cleaning", "esa"]
    assert narrowed == whole
    with pytest.raises(StudyError, match=STUDY):
        trace_claim(tiny_root, "esa.groups", study=STUDY)


def test_half_built_release_is_not_looked_at(tiny_root: Path) -> None:
    """What a failed build left next to a release is no published report."""
    publish(tiny_root, "esa", "esa.groups", study=f".{STUDY}.next")

    with pytest.raises(ClaimError, match="No published report makes the claim"):
        trace_claim(tiny_root, "esa.groups")


def test_broken_claims_are_refused(tiny_root: Path) -> None:
    """Claims that were broken by hand are reported by their file."""
    publish(tiny_root, "esa", "esa.groups")
    (tiny_root / "reports" / STUDY / "esa.claims.json").write_text("<<<<<<<", encoding="utf-8")

    with pytest.raises(PublishingError, match=r"The claims of tiny/esa\.claims\.json cannot be"):
        trace_claim(tiny_root, "esa.groups")


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", '{"outputs": []}'])
def test_claims_without_a_manifest_are_refused(tiny_root: Path, text: str | None) -> None:
    """Claims that no manifest confirms are traced to nothing."""
    publish(tiny_root, "esa", "esa.groups", "ken.1")
    manifest = tiny_root / "reports" / STUDY / "manifest.json"
    manifest.unlink() if text is None else manifest.write_text(text, encoding="utf-8")

    with pytest.raises(PublishingError):
        trace_claim(tiny_root, "esa.groups")


def test_claims_that_were_tampered_with_are_refused(tiny_root: Path) -> None:
    """Claims that differ from those in the manifest are refused, naming their file."""
    publish(tiny_root, "esa", "esa.groups", "ken.1")
    claims = tiny_root / "reports" / STUDY / "esa.claims.json"
    shown = json.loads(claims.read_text(encoding="utf-8"))
    claims.write_text(json.dumps([{**shown[0], "segments": []}]), encoding="utf-8")

    with pytest.raises(PublishingError, match=r"were changed after(?s:.*)tiny/esa\.claims\.json"):
        trace_claim(tiny_root, "esa.groups")


@pytest.mark.parametrize("table", ["focus_groups", "segments", "code_applications"])
def test_tables_that_changed_since_the_release_are_named(tiny_root: Path, table: str) -> None:
    """Words are those of now; a trace names the tables with words that changed meanwhile."""
    publish(tiny_root, "esa", "esa.groups", "ken.1")
    path = table_of(tiny_root, table)
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    (trace,) = trace_claim(tiny_root, "esa.groups")

    assert trace.changed_tables == tuple({f"{table}.csv"} - {"code_applications.csv"})
