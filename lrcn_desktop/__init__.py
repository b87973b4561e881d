"""Live activity recognition on your own desktop."""

import os

# Before NumPy: the threads of its products of matrices go on turning after each, and here, where
# they are small, take the cores from the convolutions of the next frame.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
