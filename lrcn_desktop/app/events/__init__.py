"""Events: what happens, at the user's wish, when a chosen activity is seen."""
