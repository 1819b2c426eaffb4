"""What the prevention package cannot see from below: that the assessment which shows an activity done is final.

Prevention package, section 2: `BASE` needs an assessment from outside, `END` a joint visit after the baseline.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from assessments.models import Assessment, AssessmentStage, Kind
from factories.models import Factory
from factories.package import proofs


def baseline(factory: Factory, on: date) -> str:
    """Say what is missing for the baseline, or nothing."""
    outside = Assessment.objects.filter(factory=factory, stage=AssessmentStage.FINAL, visit_to__lte=on)
    if outside.exclude(kind=Kind.SELF).exists():
        return ""
    return _("The assessment from outside has to be final first.")


def end(factory: Factory, on: date) -> str:
    """Say what is missing for the end assessment, or nothing."""
    began = factory.activities.filter(code="BASE").values_list("done_on", flat=True).first()
    joint = Assessment.objects.filter(
        factory=factory,
        stage=AssessmentStage.FINAL,
        kind=Kind.JOINT,
        visit_to__lte=on,
        visit_from__gt=began or date.min,
    )
    return "" if joint.exists() else _("A joint visit after the baseline has to be final first.")


proofs.register("BASE", baseline)
proofs.register("END", end)
