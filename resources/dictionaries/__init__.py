"""Preset dictionaries for deflate, each with the words it was made of."""
