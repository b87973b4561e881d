"""The places where things happen; each is drawn once a bout, on a canvas larger than the view."""

from lrcn_desktop.video.demo import indoors, outdoors

PLACES = (
    indoors.draw_room,
    indoors.draw_kitchen,
    indoors.draw_gym,
    indoors.draw_office,
    outdoors.draw_park,
    outdoors.draw_street,
    outdoors.draw_beach,
    outdoors.draw_mountains,
)
