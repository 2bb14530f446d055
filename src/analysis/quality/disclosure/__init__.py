"""Disclosure: which numbers of people are withheld, so that nobody can work out a small one."""
