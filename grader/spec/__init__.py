"""YAML → Assignment, or diagnostics with file:line:column."""
