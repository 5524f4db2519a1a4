"""HQ: the central service. It verifies, keeps and counts what the shelters send, and can read no name."""
