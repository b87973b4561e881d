"""What developers need and the product does not."""
