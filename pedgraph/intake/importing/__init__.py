"""What the PED Database of PED-EU-NET answers to programs, read as data of pedgraph."""
