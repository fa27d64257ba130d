import os

from hypothesis import settings

pytest_plugins = ["golang.fixtures", "unfetched"]

# How long an example takes depends on what else the machine does: no test fails for it.
settings.register_profile("default", deadline=None)
settings.load_profile("default")
# In CI the same examples every time: a change is judged by what it changed. Elsewhere new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
