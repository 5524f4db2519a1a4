"""The parts screens are made of: they draw what they are given and say what was pressed."""
