"""krakend-tui: a terminal editor for the plugin part of KrakenD configs."""

__version__ = "0.1.0"
