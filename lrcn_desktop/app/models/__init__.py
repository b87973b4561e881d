"""The models that the program knows: what each can, how good it is, and what to do with it."""
