"""Convolutional networks: what turns frames into features."""
