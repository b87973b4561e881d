"""The one exception type for what a person can cause and mend."""


class UserError(Exception):
    """One sentence for the person at the screen: what is wrong, with what, what to do.

    Commands print it and exit with status 2; the window shows it and goes on. Every room may
    raise it, so it stands above them and imports nothing.
    """
