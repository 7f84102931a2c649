"""The front door: what the commands and a program that uses `grader` both call."""
