"""The tables of a study: columns, reading, cleaning."""
