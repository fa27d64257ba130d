"""The terminal app: the only code that imports Textual."""
