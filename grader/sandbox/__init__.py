"""Run a student's code and bring back values."""
