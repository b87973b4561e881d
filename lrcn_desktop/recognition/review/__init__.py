"""A person's corrections of what the model saw: editing, keeping, and cutting into clips."""
