"""Pure: values in, text and keyboards out. All that comes from outside is escaped here, every message fits."""
