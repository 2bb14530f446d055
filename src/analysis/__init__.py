"""Analysis of coded focus groups, from submissions to synthesis reports."""

__version__ = "0.1.0"
