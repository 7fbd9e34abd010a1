"""Finding things by words: an index per version of the graph, and what is asked of it."""
