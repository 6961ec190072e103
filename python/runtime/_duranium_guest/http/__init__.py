"""`fetch`."""
