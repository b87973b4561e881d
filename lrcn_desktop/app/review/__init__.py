"""Reviewing: correcting what the model saw, keeping it, and giving it to Retrain."""
