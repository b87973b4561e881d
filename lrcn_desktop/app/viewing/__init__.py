"""How what plays is watched: its speed and place, full screen, the mirror."""
