"""The guest runtime of Python: what connects a workflow to its host. Workflows import `duranium`, not this package."""
