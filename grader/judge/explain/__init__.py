"""Why an answer is not right: what it follows from, and which mistakes it comes from."""
