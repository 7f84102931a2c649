"""Find and open what was handed in."""
