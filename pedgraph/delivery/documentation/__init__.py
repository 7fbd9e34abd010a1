"""The pages that explain ontology, code lists, shapes and JSON-LD context: made from them, always the same bytes."""
