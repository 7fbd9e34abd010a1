"""SHACL at the speed of SPARQL: queries over all data find the nodes that may violate a shape, pySHACL judges these."""
