pytest_plugins = ["golang.fixtures"]
