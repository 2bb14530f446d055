"""How fast the compendium is, beside other ways to the same pages."""
