"""gather: from a document and options to a Snapshot, by way of storage. CONTRACT STUB.

To be implemented: reads the folder that the config names (relative to the working
directory), inspects the files that the pattern loads (cached), and says whether anything of
KrakenD is on this machine.
"""
