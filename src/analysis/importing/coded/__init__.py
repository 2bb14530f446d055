"""Coded data of other tools as the tables of a study, and out again."""
