"""The plan of notebooks, and running them."""
