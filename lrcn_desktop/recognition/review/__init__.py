"""The user's corrections of what the model saw: editing, storing, and cutting into clips."""
