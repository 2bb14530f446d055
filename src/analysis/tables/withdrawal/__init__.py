"""Withdrawal of a focus group: its rows and files go, and a tombstone stays.

A study's folder and a tombstone enter; `group_removal` first plans what goes, then carries it out.
Stored afterwards are the tombstone, and digests and fingerprints by which an import recognises the
same words. Start with `group_removal`.
"""
