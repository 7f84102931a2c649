"""What a class shows: numbers from outcomes, one statistic a file. No file is read here."""
