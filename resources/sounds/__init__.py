"""The desk's sounds by day and by night, and how they are made."""
