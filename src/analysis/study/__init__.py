"""A study's settings, instrument, codebook and places."""
