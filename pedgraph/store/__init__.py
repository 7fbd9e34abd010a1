"""The store: immutable versions on disk, their publication, and the processes that read them.

Only this room opens a ``pyoxigraph.Store``. It knows nothing of HTTP, SHACL or the command line.
"""
