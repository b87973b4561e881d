"""Where frames come from: files, cameras, network streams, image folders, the demo."""
