"""What lies between the app and the terminal: its input, its colours and characters, its title."""
