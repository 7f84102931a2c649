"""Downloads of platforms: one file a platform says which files are whose."""
