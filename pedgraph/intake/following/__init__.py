"""Following another installation by its change feed."""
