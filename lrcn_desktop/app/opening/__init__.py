"""What can be opened, and how: recent files, cameras with a preview, what is dropped."""
