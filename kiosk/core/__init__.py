"""The pure heart: what a household is, what an event is, and what follows from a set of events."""
