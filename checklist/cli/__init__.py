"""The shell: arguments, today's date, printing, exit codes. Nothing is decided here."""

from typing import NoReturn


def review_main() -> NoReturn:
    """The command `review`."""
    from checklist.cli.review import review_app
    from checklist.cli.terminal import run

    run(review_app, "review")


def checklist_main() -> NoReturn:
    """The command `checklist`."""
    from checklist.cli.authors import checklist_app
    from checklist.cli.terminal import run

    run(checklist_app, "checklist")
