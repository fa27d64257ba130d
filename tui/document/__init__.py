"""Text in, values out: the config as exact text, its changes and its JSON tree.

Nothing here touches the disk, Textual or KrakenD's meaning of the text.
"""
