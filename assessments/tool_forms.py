"""The shape of what is typed about the tool and in the test of the course."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.course import Course
from factories.forms import DayField, LaidOut

MAX_BYTES = 1_000_000


class VersionForm(LaidOut, forms.Form):
    """A version of the tool as a file, with why there is a new one and from which day on it is used."""

    send_label = _("Add this version")
    file = forms.FileField(
        label=_("File of the version"),
        help_text=_("Take the file of the version in force, change it, give it a new version number."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    change_note = forms.CharField(
        label=_("What is different, and why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what is different in this version, and why.")},
    )
    in_force_on = DayField(
        label=_("First day"),
        help_text=_("Visits that begin on this day or later use it. Visits that have begun keep theirs."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()

    def clean_file(self) -> Any:
        """Return what the file holds; `tool.check` says whether it is a tool."""
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > MAX_BYTES:
            raise ValidationError(gettext("The file is larger than 1 MB. That is no version of the tool."))
        try:
            return json.loads(upload.read().decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise ValidationError(gettext("This is not a JSON file that can be read.")) from error


class CourseForm(forms.Form):
    """The questions of the test; each must be answered."""

    def __init__(self, *args: Any, ours: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in ours.questions:
            choices = [(str(number), gettext(choice)) for number, choice in enumerate(one.choices)]
            self.fields[one.code] = forms.ChoiceField(
                label=gettext(one.question), choices=choices, widget=forms.RadioSelect
            )

    def missing(self) -> str:
        """Say how many answers are missing."""
        count = len(self.errors)
        words = ngettext("%(count)d question has no answer.", "%(count)d questions have no answer.", count)
        return words % {"count": count}

    def answers(self) -> dict[str, int]:
        return {code: int(number) for code, number in self.cleaned_data.items()}
