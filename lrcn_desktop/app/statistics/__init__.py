"""The statistics of what was seen, at the picture's side."""
