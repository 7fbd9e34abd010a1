"""Tables: the model, reading them, and what is told of bad cells."""
