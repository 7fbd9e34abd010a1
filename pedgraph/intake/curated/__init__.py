"""Curated tables: rows with a source each, which become one named graph per source."""
