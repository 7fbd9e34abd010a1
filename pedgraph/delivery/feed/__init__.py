"""The change feed: what was created, changed and withdrawn, as an event stream and as Atom."""
