"""What the graph says of itself as a whole: VoID, a DCAT-AP catalogue, data for search engines, and a site map."""
