"""The downloads of a study: what each file is called and what it is about."""

from __future__ import annotations

from typing import NamedTuple

from analysis.study.language import to_translate


class DownloadFile(NamedTuple):
    """A table that a study offers as CSV and as a workbook: its title, and what it is about."""

    title: str
    about: str


# By the name of the file without its ending, in the order in which they are listed.
DOWNLOAD_FILES = {
    "prevalence": DownloadFile(
        to_translate("Prevalence"),
        to_translate(
            "In how many focus groups each topic was raised, by place, question and answer."
        ),
    ),
    "framework-matrix": DownloadFile(
        to_translate("Framework matrix"),
        to_translate(
            "A row for each focus group and a column for each theme, with labels of passages."
        ),
    ),
    "co-occurrence": DownloadFile(
        to_translate("Co-occurrence"),
        to_translate("Which two topics were raised in one passage, by place."),
    ),
    "codebook": DownloadFile(
        to_translate("Codebook"), to_translate("Each theme and code, its definition and its uses.")
    ),
    "participants": DownloadFile(
        to_translate("Kinds of participants"),
        to_translate("In how many focus groups each kind of people took part, by place."),
    ),
    "agreement": DownloadFile(
        to_translate("Agreement"), to_translate("Agreement of each pair of coders on each code.")
    ),
}
# What the columns of all tables, and the study, are: for those who open a CSV file alone.
NOTES = "notes.csv"
