"""The panes of the main screen: each shows a part of the session and changes it through it."""
