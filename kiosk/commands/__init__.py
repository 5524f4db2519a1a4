"""One module a command: what is typed, what is printed. The work is done elsewhere."""
