"""Teaching a model from a few examples: the project folder, features, and a fit in closed form."""
