"""Read by every Python that a test starts, as it begins: none lowers its own priority.

Beside the tests of a busy machine it would get so little time that each wait for it ran out.
"""

import os

if hasattr(os, "nice"):
    os.nice = lambda _: 0
