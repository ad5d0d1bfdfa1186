"""A post made clean: its signature, kind, language, fingerprint and links."""
