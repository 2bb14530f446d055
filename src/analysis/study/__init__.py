"""A study's settings, instrument, codebook and places, and how its files are read and written.

The folder of a study goes in; `opened_study.open_study`, where reading starts, returns all that is
known of the study before its tables are read. Every layer reads and writes CSV with `csv_rows`,
replaces files and folders with `writing`, changes several files of a study with `journal`, and
takes SHA-256 from `digests` and dates from `dates`. `lock` keeps two commands from changing one
study at a time.
"""
