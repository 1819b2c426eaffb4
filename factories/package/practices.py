"""The library of practices: what worked in a factory and what did not, shared with its written yes.

It is named only where it agreed to that as well. Prevention package, section 2 (`SHARE`) and section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from factories.models import Factory, SharedPractice
from factories.package.refusal import PackageRefused
from factories.package.taking import taking

_CODE = re.compile(r"[A-Z0-9.\-]{1,6}")


def share(
    factory: Factory,
    *,
    title: str,
    what: str,
    agreed_on: date,
    named: bool,
    by: Person,
    at: datetime,
    did_not_work: str = "",
    indicators: Iterable[str] = (),
) -> SharedPractice:
    """Put a practice into the library, with the day of the factory's written yes."""
    with taking(factory, at=at, by=by) as taken:
        codes = [code.strip().upper() for code in indicators if code.strip()]
        if not all(_CODE.fullmatch(code) for code in codes):
            raise PackageRefused(_("Give the indicators by their codes."))
        if not named and taken.factory.name.casefold() in f"{title} {what} {did_not_work}".casefold():
            raise PackageRefused(_("The factory did not agree to be named, and its name stands in the text."))
        return SharedPractice.objects.create(
            factory=taken.factory,
            title=title.strip(),
            what=what.strip(),
            did_not_work=did_not_work.strip(),
            indicators=codes,
            agreed_on=taken.not_ahead(agreed_on),
            named=named,
            recorded_by=by,
        )


def withdraw(practice: SharedPractice, *, by: Person, at: datetime) -> SharedPractice:
    """Take a practice out of the library, because the factory does not want it shared any more."""
    with taking(practice.factory, at=at, by=by) as taken:
        if practice.withdrawn_on is None:
            practice.withdrawn_on = taken.today
            practice.save(update_fields=["withdrawn_on"])
        return practice


def library() -> QuerySet[SharedPractice]:
    """Return what is shared now, the latest first; whose it is, is for whoever may be told."""
    return SharedPractice.objects.filter(withdrawn_on=None).select_related("factory").order_by("-agreed_on", "title")
