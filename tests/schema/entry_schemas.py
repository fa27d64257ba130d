"""The schemas of the `plugin` block and of the four namespaces, as `load_schema` knows them."""

from tui.plugin.facts import PluginType

ENTRY_SCHEMAS = ("plugin", *(type_.value for type_ in PluginType))
