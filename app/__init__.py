"""Where everything meets: wiring, start, stop, command line."""
