"""The commands: each checks its arguments, makes one call, and prints the result."""
