"""What each promise of the deadline table is called on the page of a country."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

PROMISES: dict[str, str | Promise] = {
    "receipt": _("Number of the complaint"),
    "urgent_contact": _("First look at something urgent"),
    "acknowledge": _("First answer"),
    "triage": _("First sorting"),
    "interim_measures_urgent": _("Urgent safety measures"),
    "conflict_question": _("Question about a conflict of interest"),
    "interim_measures": _("Safety measures"),
    "interim_review": _("Review of safety measures"),
    "path_agreed": _("Path agreed with her"),
    "respondent_told": _("Telling the respondent"),
    "respondent_reply": _("Answer of the respondent"),
    "inquiry_complete": _("Inquiry"),
    "progress_update": _("Word to her about how it goes"),
    "finding": _("Finding"),
    "decision": _("Decision"),
    "outcome_told": _("Telling the outcome"),
    "overall_feedback": _("Feedback on the whole"),
    "appeal_window": _("Time to appeal"),
    "appeal_decision": _("Decision on an appeal"),
    "remedy_done": _("Remedies done"),
    "no_reply_least_intrusive": _("Least intrusive step without an answer"),
    "check_14": _("Check after 14 days"),
    "check_30": _("Check after 30 days"),
    "check_60": _("Check after 60 days"),
    "check_90": _("Check after 90 days"),
    "records_review_180": _("Review of records after 180 days"),
    "closure_review": _("Review before closing"),
    "stopped_check_30": _("Check 30 days after she stopped"),
    "stopped_check_90": _("Check 90 days after she stopped"),
    "no_contact_close": _("Closing without contact"),
    "conflict_check": _("Check for conflicts of interest"),
    "hold_decision": _("Safeguarding: decision of two leads"),
    "hold_plan": _("Safeguarding: plan with her"),
    "hold_review": _("Safeguarding: look whether others face the same"),
    "follow_up_7": _("Safeguarding: follow-up after 7 days"),
    "follow_up_30": _("Safeguarding: follow-up after 30 days"),
    "follow_up_60": _("Safeguarding: follow-up after 60 days"),
    "follow_up_90": _("Safeguarding: follow-up after 90 days"),
    "follow_up_180": _("Safeguarding: follow-up after 180 days"),
    "follow_up_365": _("Safeguarding: follow-up after a year"),
}


def units_of(unit: str, count: int) -> str:
    """Return a length of time in words, with a place for its number."""
    match unit:
        case "clock_hours":
            return ngettext("%(count)s hour, day and night", "%(count)s hours, day and night", count)
        case "working_days":
            return ngettext("%(count)s working day", "%(count)s working days", count)
        case "calendar_days":
            return ngettext("%(count)s calendar day", "%(count)s calendar days", count)
        case "calendar_months":
            return ngettext("%(count)s month", "%(count)s months", count)
        case _:
            return ngettext("%(count)s minute", "%(count)s minutes", count)
