"""The window, and the only room that knows Qt. It draws states and decides nothing."""
