"""Posts become stories."""
