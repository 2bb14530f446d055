"""Withdrawal of a focus group: its rows and files go, and a tombstone stays.

A study's folder and a tombstone enter; `group_removal` first plans what goes, then carries it out.
Stored afterwards are the tombstone, and digests and fingerprints by which an import recognises the
same words. Start with `group_removal`.
"""

REASONS = (
    "host-request",  # the host asked for it
    "participant-request",  # somebody who took part asked for it
    "consent-unclear",  # it is not known what consent was given
    "safety",  # its words could put somebody at risk
    "duplicate",  # another focus group describes the same session
)
"""Why a focus group may leave a study: codes alone, so that a reason can't describe a person."""
