"""What is open: the source, what was recognized of it, and what the user made of that."""
