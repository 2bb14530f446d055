"""Why a focus group may leave a study: a few codes, and never a text that could tell of anybody."""

from __future__ import annotations

REASONS = {
    "host-request": "the host asked for it",
    "participant-request": "somebody who took part asked for it",
    "consent-unclear": "nobody can show what consent was given",
    "safety": "its words could put somebody at risk",
    "duplicate": "it tells of a session that another focus group tells of",
}
