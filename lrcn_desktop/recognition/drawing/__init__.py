"""What is recognized, drawn into frames; without Qt."""
