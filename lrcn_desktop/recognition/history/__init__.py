"""What was recognized of a source so far, in little memory."""
