"""What a recognizer is: networks, presets, model files, VGG-16's weights."""
