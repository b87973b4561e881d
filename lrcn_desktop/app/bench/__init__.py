"""How fast this computer is, as a page: bench runs beside the window, its figures become bars."""
