"""The operations of `ctx`."""
