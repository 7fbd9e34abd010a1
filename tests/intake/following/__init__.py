"""Tests of following another installation."""
