"""Teaching in the window: examples from what plays, and a model that is there at once."""
