"""Is the assignment any good?"""
