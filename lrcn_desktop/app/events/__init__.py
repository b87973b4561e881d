"""Events: what happens, at the person's wish, when a chosen activity is seen."""
