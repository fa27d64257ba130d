"""A sandbox to try krakend-tui in: a config with planted mistakes and a plugin folder."""
