"""One training, from data to a model file: its folder, its stages, and how it goes on."""
