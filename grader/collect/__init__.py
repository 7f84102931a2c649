"""Plan × submission → responses."""
