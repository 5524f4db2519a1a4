"""The words of `hq`, one module each: what is typed, what is printed. The work is done in `sync.hq`."""
