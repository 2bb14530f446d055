"""How fast the compendium is, compared with other ways to the same pages."""
