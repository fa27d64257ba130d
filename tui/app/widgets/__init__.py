"""Widgets: views that show what they are given and post what the user did."""
