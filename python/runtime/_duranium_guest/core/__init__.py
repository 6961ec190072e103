"""Host calls, the event loop, and what crosses the border: JSON, failures, durations."""
