"""The requirements of KrakenD's documentation on plugins, judged for one file.

"Right interface", "same Go version", "same architecture/platform" (with its C library), "same
import versions", "registered and injected": krakend documentation, extending/writing-plugins.
"""
