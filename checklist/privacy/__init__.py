"""The guard at the door: what in a case file may tell who somebody is. A file that it refuses is not reviewed.

It finds many direct identifiers and cannot prove that a file is anonymous. What it found is never in what it says:
a problem names a kind and a place. It reads the raw text, comments and keys included, and every value as YAML decodes it.
"""

from checklist.privacy.excuses import FILE_NAME, Excuse, read_excuses
from checklist.privacy.guard import GROUP, Guard, Guarded, Suspicion, load_detectors
from checklist.privacy.kinds import OURS, Detector, Level

__all__ = [
    "FILE_NAME",
    "GROUP",
    "OURS",
    "Detector",
    "Excuse",
    "Guard",
    "Guarded",
    "Level",
    "Suspicion",
    "load_detectors",
    "read_excuses",
]
