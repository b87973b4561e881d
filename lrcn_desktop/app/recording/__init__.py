"""Recording in the window: raw and annotated, and the last seconds when they are asked for."""
