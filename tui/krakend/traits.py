"""What a group of points has that a rule can speak about, as bits of one number.

They are noted while the points are read, when the values are at hand. A rule's row says by which
of them there can be anything to find (`Rule.asks`): most groups have none, and no rule is asked.
A trait that is noted without need costs a question; one that is not noted hides a finding, which
tests/workspace/test_traits.py looks for.
"""

from __future__ import annotations

from typing import Final

PASSED_OVER: Final = 1 << 0
"""An entry that KrakenD does not read where it stands, as its key is spelt."""
LEGACY: Final = 1 << 1
"""An entry with a name of KrakenD 1.x."""
MIDDLEWARE: Final = 1 << 2
"""An entry for a middleware."""
WORKFLOW: Final = 1 << 3
"""A point in a workflow."""
NO_OBJECT: Final = 1 << 4
"""An entry whose value is no object."""
NO_NAME: Final = 1 << 5
"""An entry without `name`."""
ODD_NAME: Final = 1 << 6
"""A `name` of another type than the namespace takes, an item of it that is no text, an empty
list, or a name that is empty or there twice."""
SEPARATOR: Final = 1 << 7
"""A name with white space, a comma or the like in it."""
REFERENCE: Final = 1 << 8
"""An entry with `$ref`: the Enterprise Edition may put a file in its place."""
LOOSE: Final = 1 << 9
"""A member of an entry that is neither `name` nor called as a plugin of its list."""
SETTINGS: Final = 1 << 10
"""Such a member that is an object."""
KNOWN_SETTINGS: Final = 1 << 11
"""A member of an entry that our schema knows, besides `name`."""
SLASH: Final = 1 << 12
"""A member of an entry with a slash in its key."""
ODD_KEYS: Final = 1 << 13
"""A key in another case than KrakenD's, or twice in an object that matters to plugins."""
EXTRA_CONFIG: Final = 1 << 14
"""An extra_config that is no object."""
STRANGE_KEY: Final = 1 << 15
"""A key of extra_config that is neither a plugin namespace, nor called as other components are,
nor a comment."""
CLIENT_KEY: Final = 1 << 16
"""A key of extra_config that has to do with the client of a backend."""
STRAY: Final = 1 << 17
"""What may be the key of a plugin namespace, besides those of the entries."""
NO_OP: Final = 1 << 18
"""The encoding no-op."""
WILDCARD: Final = 1 << 19
"""An endpoint that ends in /*."""
ENTRY: Final = 1 << 20
"""A plugin entry, whatever it is like."""

UNUSUAL: Final = (
    PASSED_OVER | LEGACY | MIDDLEWARE | WORKFLOW | NO_OBJECT | NO_NAME | ODD_NAME | REFERENCE
)
"""Without one of these KrakenD reads each entry of the group, and each of its names."""

UNSURE_NAME: Final = 1 << 24
"""A name that is read and is not plainly that of a plugin that loads: no file, or more than its
name, is to be said of it. Depends on the folder, and is noted when the group is judged."""
NAME_AS_KEY: Final = 1 << 25
"""A key of extra_config that is the name of a plugin. Noted when the group is judged."""
HALF: Final = 1 << 26
"""A name of which another half is registered and not named. Noted when the group is judged."""

ANY: Final = -1
"""Every trait: of the service, and of the rules that are to be asked about each group."""
