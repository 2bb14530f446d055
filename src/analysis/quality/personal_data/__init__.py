"""The scan for what may identify a person, in all text that could be published."""

# The findings of a study that a person has reviewed and let stand.
EXCEPTIONS_FILE = "privacy_exceptions.csv"
