"""Typefaces, their licences, and how the subsets among them are made."""
