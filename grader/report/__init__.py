"""Outcomes → text, JSON, JUnit; one format a file."""
