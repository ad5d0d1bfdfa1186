"""Where everything meets: wiring, start, stop, command line."""

CANCELLED = 130  # what a shell gives for a command that Ctrl-C ended
