"""What KrakenD does with a config: releases, namespaces, the scan, injection points, rules."""
