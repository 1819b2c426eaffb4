"""Who must not see a case: keyed hashes of people and roles among filling, checked before every grant.

Design, section 3: own subkey, fixed number of rows, no clear list.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable
from uuid import UUID

from django.utils.functional import cached_property

from accounts import crypto, secrets
from accounts.models import Person
from complaints.answers import Answers
from complaints.casecodes import FACTORY_ROLES, Role
from complaints.codes import Exclude, RespondentJob
from complaints.models import Case, Exclusion
from factories.models import Membership

ROWS = 16
# What each choice of Q11 takes off the case. "My supervisor" names nobody with an account by role; it is kept for the
# handlers' units, and an expert reads it in `freedom`.
ROLES_OF: dict[str, frozenset[str]] = {
    Exclude.HR: frozenset({Role.CASE_OFFICER}),
    Exclude.COMMITTEE: frozenset({Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.OUTSIDE_MEMBER}),
    Exclude.MANAGERS: frozenset({Role.DECISION_MAKER}),
    Exclude.WHOLE_FACTORY: frozenset(FACTORY_ROLES),
}
# Workflow, section 6: conflicts that follow from the respondent's job.
ROLES_IN_CONFLICT: dict[str, frozenset[str]] = {
    RespondentJob.HR_OFFICE_COMPLIANCE: frozenset({Role.CASE_OFFICER}),
    RespondentJob.COMMITTEE_MEMBER: frozenset({Role.COMMITTEE_MEMBER}),
    RespondentJob.MANAGER_OWNER: frozenset(FACTORY_ROLES),
}


def excluded_roles(answers: Answers) -> frozenset[str]:
    """Return the roles that her answers keep out: chosen, struck out in the preview, or in conflict."""
    chosen = [ROLES_OF.get(code, frozenset()) for code in answers.exclude]
    in_conflict = ROLES_IN_CONFLICT.get(answers.respondent_job, frozenset())
    named = answers.exclude_roles if Exclude.ACCOUNT_HOLDER in answers.exclude else frozenset()
    return frozenset().union(*chosen, in_conflict, named, answers.struck_out & set(FACTORY_ROLES))


def _mark(case_id: UUID, what: str, value: str) -> bytes:
    return crypto.derive(secrets.subkey("exclusion"), what, case_id.bytes, value.encode())


def rows_for(case: Case, roles: Iterable[str]) -> list[Exclusion]:
    """Return the fixed number of unsaved rows for a new case, in no order."""
    marks = [_mark(case.pk, "role", role) for role in roles]
    marks += [_mark(case.pk, "filling", str(slot)) for slot in range(ROWS - len(marks))]
    random.SystemRandom().shuffle(marks)
    return [Exclusion(case=case, mark=mark) for mark in marks]


def exclude_person(case: Case, person: Person) -> None:
    """Take the place of one filling row by this person; a case that has no filling left gets one more row."""
    mark = _mark(case.pk, "person", str(person.pk))
    rows = {bytes(row.mark): row for row in case.exclusions.all()}
    if mark in rows:
        return
    for slot in range(ROWS):
        row = rows.get(_mark(case.pk, "filling", str(slot)))
        if row is not None:
            Exclusion.objects.filter(pk=row.pk).update(mark=mark)
            return
    Exclusion.objects.create(case=case, mark=mark)


def marks_against(case_id: UUID, person_id: UUID, role: str) -> tuple[bytes, bytes]:
    """The marks that would keep this person, or anybody in this role, out of a case; for who compares many cases."""
    return _mark(case_id, "person", str(person_id)), _mark(case_id, "role", role)


class Excluded:
    """The exclusions of one case, read once and asked often."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.marks = {bytes(mark) for mark in case.exclusions.values_list("mark", flat=True)}

    def keeps_out(self, person: Person, role: str) -> bool:
        """True if this person, or anybody in this role, must not see the case.

        Whoever has an excluded role at the factory is out in each of their roles there.
        """
        return (
            self._role_is_out(role)
            or _mark(self.case.pk, "person", str(person.pk)) in self.marks
            or person.pk in self._people_in_roles_out
        )

    def _role_is_out(self, role: str) -> bool:
        return _mark(self.case.pk, "role", role) in self.marks

    @cached_property
    def _people_in_roles_out(self) -> frozenset[UUID]:
        out = [role for role in FACTORY_ROLES if self._role_is_out(role)]
        if not out or self.case.factory_id is None:
            return frozenset()
        current = Membership.objects.current().filter(factory=self.case.factory_id, role__in=out)
        return frozenset(current.values_list("person", flat=True))

    @property
    def whole_factory(self) -> bool:
        """True if nobody at the factory may see it."""
        return all(self._role_is_out(role) for role in FACTORY_ROLES)
