"""Put devices in from a table, as a stream of lines through the portal's public door."""
