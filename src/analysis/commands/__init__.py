"""What the program can be asked to do: arguments in, one call, what came of it told plainly."""
