"""Tables of a complaint and its case, one subject a file."""

from .aftercare import CaseLink, Check, ClosureTick, Concern, Referral, SafetyDecision
from .case import Burst, Case, Consent, InterimMeasure
from .compartment import Compartment, CompartmentKey, Entry, Grant, Receipt
from .inquiry import Allegation, Inquirer
from .outcome import Appeal, Decision, Remedy, Sanction
from .people import Assignment, ConflictDeclaration, Exclusion
from .promises import Deadline, Rung
from .record import DailyHead, Event
from .retention import LegalHold
from .satisfaction import SatisfactionTally
from .statistics import StatQuarter, StatSnapshot

__all__ = [
    "Allegation", "Appeal", "Assignment", "Burst", "Case", "CaseLink", "Check", "ClosureTick", "Compartment",
    "CompartmentKey", "Concern", "ConflictDeclaration", "Consent", "DailyHead", "Deadline", "Decision", "Entry",
    "Event", "Exclusion", "Grant", "Inquirer", "InterimMeasure", "LegalHold", "Receipt", "Referral", "Remedy",
    "Rung", "SafetyDecision", "Sanction", "SatisfactionTally", "StatQuarter",
    "StatSnapshot",
]  # fmt: skip
