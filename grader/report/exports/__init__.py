"""Final marks in the form that each platform takes; one platform a file."""
