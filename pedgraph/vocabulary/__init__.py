"""Names: IRIs and their patterns, media types. Knows nothing of stores, queries or the web."""
