"""The slides' comparison, made again."""
