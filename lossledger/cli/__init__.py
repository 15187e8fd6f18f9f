"""The command line: the only room with Click and Rich. One file a command, loaded when it is called."""
