"""Model > Retrain...: teaching activities from the user's own clips, in another process."""
