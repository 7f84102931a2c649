"""What is right, and what would be under a mistake: values of the reference, each computed once."""
