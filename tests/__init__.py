"""Tests of pedgraph: real files, real processes, real servers; no network but loopback."""
