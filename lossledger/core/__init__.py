"""The domain in plain Python: words, names, days, records, the fold and the trail."""
