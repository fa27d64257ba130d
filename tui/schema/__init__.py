"""Our JSON Schemas of plugin entries: load, validate, describe."""
