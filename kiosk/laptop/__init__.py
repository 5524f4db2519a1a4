"""What the laptop under the desk says of itself: power, memory, disks, time.

Readings only, as plain values; None where this system does not say. What a reading means for a desk is
judged elsewhere. Linux is read from `/proc` and `/sys` (below a root that tests lay themselves), Windows
is asked through its own functions.
"""
