"""A safeguarding case file held against a checklist of what inspectors found wrong in real cases."""

__version__ = "0.1.0"
