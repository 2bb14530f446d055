"""An independent recount of published numbers, from the CSV files, in plain Python.

It imports nothing else of `analysis`, and neither pandas nor numpy: a mistake in the code behind
the reports can't be repeated here. What enters is the folder of a study and published claims; what
leaves is which of them the recount confirms. Start with `claims.recount_claims`.
"""
