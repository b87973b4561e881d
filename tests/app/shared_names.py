"""What several tests of the window have in common."""

PATIENCE = 90_000  # milliseconds: a loaded machine is slow, a broken window never gets there
FIRST, SECOND = ("sitting down", "standing up", "walking"), ("Punch", "YoYo", "BasketballDunk")
