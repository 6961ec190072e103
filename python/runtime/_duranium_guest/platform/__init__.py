"""The standard library inside of the sandbox: the console, what is not there, and what stands in for it."""
