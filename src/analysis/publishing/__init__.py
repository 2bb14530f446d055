"""From executed notebooks to a release that readers can check.

What enters is what a build left: an executed notebook with its claims, which `report` makes a page
of, and what the checks found (`quality_page`). What leaves is a folder of pages, notebooks, claims
and a manifest, put in its place whole by `assembly`, from which `trace` and `claim_diff` answer.
Start with `report.make_report`, then `assembly.release_study`.
"""
