"""What is measured, one scenario a module: each runs, and tells what it found as Markdown."""
