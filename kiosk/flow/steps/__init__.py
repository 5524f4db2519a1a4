"""Steps: what follows from each input, screen by screen. `kiosk.flow.table` puts them together."""
