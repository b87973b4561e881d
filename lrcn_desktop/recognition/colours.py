"""One colour for a class, the same in the bars, the plot, the timeline and in exported videos.

The eight colours were searched for, not picked: each has a contrast of 2.8 to 1 or more on both
the light and the dark window, and any two differ clearly (CIE76 distance of 15 or more) for
ordinary sight and under simulated protanopia, deuteranopia and tritanopia.
"""

CLASS_COLOURS = (
    "#EB7500",
    "#08964F",
    "#6060D7",
    "#C20A94",
    "#609CD7",
    "#D00B24",
    "#8338FF",
    "#CD7A99",
)
