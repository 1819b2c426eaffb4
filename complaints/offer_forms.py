"""The shape of what she answers about a service that was offered to her."""

from __future__ import annotations

from django import forms

from complaints.forms import KindChoiceField
from complaints.workflow.referrals import HER_WORDS

ACTS = [("yes", "yes"), ("no", "no"), ("back", "back"), ("say", "say")]


class OfferForm(forms.Form):
    """Which offer, and what she does with it; for `say` also how it was."""

    number = forms.IntegerField(min_value=1, max_value=1000)
    act = KindChoiceField(choices=ACTS)
    codes = forms.MultipleChoiceField(choices=list(HER_WORDS.items()), required=False)
