"""A .so's bytes -> what it is. Nothing here opens a file or runs anything of a plugin."""
