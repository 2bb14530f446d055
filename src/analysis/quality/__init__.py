"""The guards on what goes in."""
