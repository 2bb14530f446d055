"""What a focus group allows, out of its answer to the template's own question."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

from analysis.intake.template_wording import key_of
from analysis.study.instrument import read_instrument

NONE = "none"
# From what allows least to what allows most.
STRICTNESS = (NONE, "aggregate-only", "public-without-names", "public")
_TICKED = re.compile(
    r"^\s*(?:[\u2611\u2612\u2713\u2714\u2717\u2718]|[\[(]\s*[xX\u2713\u2714]\s*[\])]|[xX]\s)\s*(.*)$"
)
_UNTICKED = re.compile(r"^\s*(?:[\u2610\u25a1\u25a2]|[\[(]\s*[\])])\s*(.*)$")


def read_consent(text: str, language: str) -> tuple[str, bool]:
    """Return what an answer allows, and whether it was understood.

    Parameters
    ----------
    text : str
        The answer, a line for each option where the form prints options to tick.
    language : str
        The language of the template.

    Returns
    -------
    tuple of (str, bool)
        ``public``, ``public-without-names``, ``aggregate-only`` or ``none``. No answer, and one
        that is not understood, allow nothing; of several, the one that allows least counts.

    Examples
    --------
    >>> read_consent("Yes (without participants' names)", "en")
    ('public-without-names', True)
    >>> read_consent("", "en"), read_consent("Perhaps", "en")
    (('none', True), ('none', False))
    """
    lines = [line for line in text.splitlines() if line.strip()]
    ticked = [match[1] for line in lines if (match := _TICKED.match(line))]
    plain = [line for line in lines if not _TICKED.match(line) and not _UNTICKED.match(line)]
    answers = ticked or plain
    understood = [_read_one(answer, language) for answer in answers]
    if not answers or None in understood:
        return NONE, not answers
    return min((each for each in understood if each), key=STRICTNESS.index), True


def _read_one(answer: str, language: str) -> str | None:
    options = read_instrument(language).form.consent_options
    for consent, option in options.items():
        if key_of(option) == key_of(answer):
            return consent
    words = _words(language)
    said = set(re.findall(r"\w+", key_of(answer)))
    if said & words["no"]:
        first = next(word for word in re.findall(r"\w+", key_of(answer)))
        if first in words["no"] or not said & words["yes"]:
            return NONE if first in words["no"] else None
    if not said & words["yes"]:
        return None
    withheld = any(phrase in key_of(answer) for phrase in words["without_names"])
    return "public-without-names" if withheld else "public"


@cache
def _words(language: str) -> dict[str, frozenset[str]]:
    path = resources.files("analysis.intake") / "wording" / f"{language}.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["consent"]
    return {kind: frozenset(map(key_of, words)) for kind, words in listed.items()}
