"""Fitting networks to sequences of features or frames."""
