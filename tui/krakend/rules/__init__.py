"""The table of rules: one small generator each."""
