"""Delivery: what pedgraph hands out. Descriptions of its terms, pages that explain them, and JSON-LD cards for apps.

Only this room knows the JSON-LD processor and the templates. It knows nothing of HTTP or the command line, and reads
nothing from the network.
"""
