"""Is an assignment sound? What every command needs before it starts, and what examples get."""
