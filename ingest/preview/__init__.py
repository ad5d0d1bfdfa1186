"""The public web preview as a source."""
