"""What each promise of the deadline table is called on the page of a country."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
}
UNITS = {
    "minutes": _("minutes"),
    "clock_hours": _("hours, day and night"),
    "working_days": _("working days"),
    "calendar_days": _("calendar days"),
    "calendar_months": _("months"),
}
