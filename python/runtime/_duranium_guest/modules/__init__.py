"""The workflow and its modules."""
