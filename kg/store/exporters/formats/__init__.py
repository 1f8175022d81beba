"""One module for each format, found by its name: ``schema_org`` is ``--as schema-org``."""
