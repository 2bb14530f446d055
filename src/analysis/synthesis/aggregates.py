"""Aggregates: what a region hands to its continents, and how a continent is joined from them.

All counts are handed on, and few words: those that the continent's report may quote. The words of
all passages that may be shown lie beside them, for the pages of its evidence.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd

from analysis.synthesis.corpus_tables import (
    corpus_of,
    open_place,
    read_home,
    region_corpus,
)
from analysis.synthesis.findings import choose_quotes
from analysis.synthesis.listing import take_fairly
from analysis.synthesis.points import KEY
from analysis.synthesis.single_mentions import find_single_mentions
from analysis.tables.build_folder import build_folder
from analysis.tables.placing import places_to_clean, places_to_report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus
    from analysis.synthesis.corpus_tables import Tables

TABLES = ("focus_groups", "segments", "codings", "set_aside")
# The words of all passages that may be shown; wider reports read them for their evidence alone.
WORDS = "words"


def open_continent(study: str, place: str) -> Corpus:
    """Return the corpus of a continent: its regions' aggregates and its own focus groups.

    Outside a build the aggregates are made from the tables as received. The errors are those of
    `open_region`.
    """
    return continent_corpus(*open_place(study, place, "continent"))


def continent_corpus(opened: OpenedStudy, received: pd.DataFrame, continent: str) -> Corpus:
    """Return the corpus of a continent of an opened study."""
    continents = opened.settings.continents
    regions, _ = places_to_report(received, opened.places, continents)
    within = [region for region in regions if opened.places.overlaps(region, continent)]
    parts = [_aggregates_of(opened, received, region) for region in within]
    if continent in places_to_clean(received, opened.places, continents):
        parts.append(read_home(opened, continent))
    return corpus_of(opened, received, continent, join_aggregates(parts))


def _aggregates_of(opened: OpenedStudy, received: pd.DataFrame, region: str) -> Tables:
    build = build_folder(opened)
    if build is not None and build.aggregates(region).is_dir():
        return _read(build.aggregates(region))
    most = opened.settings.publication.excerpts_per_theme
    corpus = region_corpus(opened, received, region)
    return make_aggregates(corpus, choose_quotes(corpus, most).segments)


def make_aggregates(corpus: Corpus, quoted: Iterable[str]) -> Tables:
    """Return what a region hands to its continents.

    The words handed on are those that the region's report quotes, and of points raised by one
    group only; of each code one passage under each question; and the first of the passages without
    a code and of the key recommendations, as many as a report shows. All other words stay with the
    region.
    """
    shown: Collection[str] = {
        *quoted,
        *_one_of_each_code(corpus),
        *find_single_mentions(corpus)["segment"],
        *take_fairly(corpus, corpus.uncoded["segment"].tolist()),
        *take_fairly(corpus, corpus.answers(KEY).segments),
    }
    texts = corpus.segments["text"].where(corpus.segments["segment"].isin(shown), "")
    return {
        "focus_groups": corpus.focus_groups,
        "segments": corpus.segments.assign(text=texts),
        "codings": corpus.codings,
        "set_aside": corpus.set_aside,
    }


def _one_of_each_code(corpus: Corpus) -> list[str]:
    """Return one passage of each code under each question, for the findings of a continent."""
    asked = corpus.passages["question"].isin(corpus.study.instrument.domain_questions)
    coded = corpus.passages[asked].merge(corpus.codings[["segment", "code"]], on="segment")
    return coded.drop_duplicates(["code", "question"])["segment"].tolist()


def hand_on(corpus: Corpus, quoted: Iterable[str]) -> None:
    """Write what wider reports are built from; outside a build these work it out themselves."""
    build = corpus.build
    if build is None:
        return
    folder = build.aggregates(corpus.place)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in make_aggregates(corpus, quoted).items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    words = corpus.segments.loc[corpus.segments["text"] != "", ["segment", "text"]]
    words.to_parquet(folder / f"{WORDS}.parquet", index=False)


def read_words(corpus: Corpus, segments: Collection[str]) -> dict[str, str]:
    """Return the words of passages of a corpus, by their ids, those that other reports show too.

    Of passages that may not be shown there are none; outside a build there are those at hand.
    """
    rows = corpus.segments.loc[
        corpus.segments["segment"].isin(segments), ["segment", "focus_group", "text", "withheld"]
    ]
    at_hand = rows[rows["text"] != ""]
    words = dict(zip(at_hand["segment"], at_hand["text"], strict=True))
    elsewhere = rows[(rows["text"] == "") & ~rows["withheld"]]
    homes = elsewhere["focus_group"].astype("str").map(corpus.homes)
    for home, of_home in elsewhere.groupby(homes):
        path = corpus.build.aggregates(home) / f"{WORDS}.parquet" if corpus.build else None
        if path is not None and path.is_file():
            wanted = [("segment", "in", of_home["segment"].tolist())]
            found = pd.read_parquet(path, filters=wanted)
            words |= dict(zip(found["segment"], found["text"], strict=True))
    return words


def _read(folder: Path) -> Tables:
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def join_aggregates(parts: list[Tables]) -> Tables:
    """Return the tables of several places as one; no focus group is in two of them."""
    return {name: _concat([part[name] for part in parts]) for name in TABLES}


def _concat(tables: list[pd.DataFrame]) -> pd.DataFrame:
    # An empty table has no say in the types of the whole.
    filled = [table for table in tables if len(table)] or tables[:1]
    shared = {
        name: pd.CategoricalDtype(
            pd.Index(sorted({*chain(*(t[name].cat.categories for t in filled))}), dtype="str")
        )
        for name in filled[0].select_dtypes("category").columns
    }
    return pd.concat([table.astype(shared) for table in filled], ignore_index=True)
