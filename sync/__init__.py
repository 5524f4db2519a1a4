"""The exchange: how a shelter's log reaches HQ, another laptop or a stick, and what HQ makes of it."""
