"""What everything means: frozen dataclasses, no I/O, nothing above it imported."""
