"""What the window does when something fails: it says so, keeps what there is, and goes on."""
