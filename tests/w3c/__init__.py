"""The test suites of the W3C SPARQL groups, run against any server over HTTP.

Their files are not part of this project. ``PEDGRAPH_W3C_TESTS`` names a folder that holds ``sparql10``, ``sparql11``
and ``sparql12`` as the W3C's repository of RDF tests does.
"""
