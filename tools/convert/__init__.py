"""VGG-16's convolutional weights from the files that others publish, so anyone can check ours."""
