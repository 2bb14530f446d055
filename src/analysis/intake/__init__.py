"""Readers of submissions as they are received."""
