"""The encrypted ledger on this laptop: key slots, schema, append, views, roster queries."""
