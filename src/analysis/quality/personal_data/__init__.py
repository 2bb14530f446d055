"""The scan for what may identify a person, in all text that could be published."""
