"""The demo explains itself: the truth beside what is recognized, and what the memory is for."""
