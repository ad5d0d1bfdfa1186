"""Posts to stories to a digest."""
