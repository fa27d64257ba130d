"""The conversations about the file on disk. Escape in any dialog leaves everything as it was."""
