"""One small file a command: read arguments, call one function, print. Each has its `command`."""
