"""The timeline under the picture: what was seen when, in the whole source."""
