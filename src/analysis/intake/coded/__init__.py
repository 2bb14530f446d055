"""Readers of coded data that other tools export, and writers of what they read."""
