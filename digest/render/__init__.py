"""Pure: one digest in its looks. Each module is one look."""
