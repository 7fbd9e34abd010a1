"""Told findings as others take them: a page, a part of a page, SARIF."""
