"""Teaching a model from a few examples, with all that the trainer can do."""
