"""Decoding strangers' files and streams with FFmpeg (PyAV), in processes of their own.

`child.py`, `media.py` and what they import run in the process that decodes: no OpenCV, PyTorch or
Qt there. `process.py`, `pool.py` and `decoder.py` are this side. `messages.py` and `ring.py` are
what the two have in common. `sound.py`, `speaker.py` and `output.py` run there too: a file's sound
has a process of its own, and finding its waveform another one.
"""
