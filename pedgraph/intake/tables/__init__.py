"""Spreadsheets: what a sheet per kind holds, how it becomes RDF, and the templates."""
