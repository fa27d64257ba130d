"""From a Snapshot to what is found: `analyser.analyse` is what both front ends call."""
