"""A picture of every window, dialog and page of the program, of nothing but the demo scene."""
