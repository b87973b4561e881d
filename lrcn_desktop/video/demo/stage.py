"""The stage's measures, in scene units: pixels of a 640x480 picture at zoom 1.

x = 0 is the middle of the canvas; y runs down from the top of such a picture.
"""

HORIZON = 318.0  # where walls end, and the distance
FLOOR = 406.0  # where the figure stands
LEFT, RIGHT, TOP, BOTTOM = -660.0, 660.0, -50.0, 530.0  # the canvas
