"""Synthetic studies: whole studies made from a seed, for demonstration and for work at scale."""
