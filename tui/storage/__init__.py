"""The only code that touches the disk. It works on bytes and knows nothing of JSON."""
