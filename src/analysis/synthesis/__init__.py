"""What the reports say, and the claims that bear it."""
