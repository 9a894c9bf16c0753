"""`python -m checklist` reviews, as `review` does."""

from checklist.cli import review_process

review_process()
