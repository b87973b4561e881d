"""The guide: the pages of `assets/guide`, read and searched inside the window."""
