"""The batch pipeline: submissions → responses → outcomes."""
