"""Lists of things for apps: what is in them, how they are asked, and the forms in which they are answered."""
