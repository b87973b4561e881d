"""What was recognized, as files for other programs; every one written whole or not at all."""
