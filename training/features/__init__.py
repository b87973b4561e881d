"""Features of clips: computed once, kept on disk, or filled in from elsewhere."""
