"""Live activity recognition on your own desktop."""

import os

# Both are read when the libraries load, so that they have to be set before.
# The threads of NumPy's products of matrices go on turning after each, and here, where the products
# are small, take the cores from the convolutions of the next frame.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The threads of ncnn and PyTorch (GNU's OpenMP) wait for one another by turning, for milliseconds:
# beside another program that uses the cores, a step took five to a hundred times as long. These
# turns bridge the gaps between two layers and no more.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

__version__ = "0.1.0"
