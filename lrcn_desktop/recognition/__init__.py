"""How a stream is recognized: engines, the stateful recognizer, segments, exports."""
