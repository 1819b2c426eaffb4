"""Tables of a complaint and its case, one subject a file."""

from .case import Burst, Case, Consent, InterimMeasure
from .compartment import Compartment, CompartmentKey, Entry, Grant, Receipt
from .people import Assignment, ConflictDeclaration, Exclusion
from .promises import Deadline, Rung
from .record import DailyHead, Event

__all__ = [
    "Assignment", "Burst", "Case", "Compartment", "CompartmentKey", "ConflictDeclaration", "Consent",
    "DailyHead", "Deadline", "Entry", "Event", "Exclusion", "Grant", "InterimMeasure", "Receipt", "Rung",
]  # fmt: skip
