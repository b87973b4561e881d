"""Model > Retrain...: teaching activities from a person's own clips, in another process."""
