"""The scenarios, one a module: each runs, and formats its results as Markdown."""
