"""The runtime's own versions of modules of well-known packages (`hooks.py`)."""
