"""From executed notebooks to pages and manifests."""
