"""How fast this machine recognizes: everything measured in one run, jobs taking turns."""
