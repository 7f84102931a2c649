"""Is an answer right? One kind of question a file."""
