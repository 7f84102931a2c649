"""One command a file, no logic: parse, call, print."""
