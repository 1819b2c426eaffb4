"""The short course, its test, and the guidance as a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.requests import StaffRequest
from assessments import access, course, guidance
from assessments.tool_forms import CourseForm
from assessments.views.tool import readers_only
from factories import clock
from factories.access import only_for

assessors_only = only_for(access.assesses)


@readers_only
def show(request: StaffRequest) -> HttpResponse:
    """Show the lessons; whoever assesses finds the test below."""
    lessons = [one.read() for one in course.course().lessons]
    return _page(request, "course", {"lessons": lessons, "forms": guidance.forms()})


@readers_only
def guide(request: StaffRequest) -> HttpResponse:
    """Show the guidance whole, to be looked up on a visit."""
    return _page(request, "guidance", {"helps": guidance.sections(), "forms": guidance.forms()})


@assessors_only
def test(request: StaffRequest) -> HttpResponse:
    """Ask the questions; say of a wrong answer why, and where to read it again."""
    now, ours = clock.now(), course.course()
    if course.may_assess(request.user, now):
        return redirect("assessments:course")
    form = CourseForm(request.POST or None, ours=ours)
    result = None
    if request.method == "POST" and form.is_valid():
        try:
            result = course.take(request.user, form.answers(), at=now)
        except course.CourseRefused as refusal:
            messages.error(request, refusal.message)
            return redirect("assessments:course")
        if result.attempt.passed:
            messages.success(request, _("You have passed. From now on you may assess."))
            return redirect("assessments:course")
    wrong = {one.code: one for one in result.wrong} if result else {}
    rows = [(form[one.code], _why(wrong.get(one.code))) for one in ours.questions]
    return _page(request, "course_test", {"form": form, "rows": rows, "result": result})


def _why(question: course.Question | None) -> dict[str, str] | None:
    """Say why an answer was wrong and where to read it again."""
    if question is None:
        return None
    lesson = course.course().lesson(question.lesson).read()
    return {"why": gettext(question.why), "code": lesson.code, "title": lesson.title}


def _page(request: StaffRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    shown["assesses"] = access.assesses(request.user)
    shown["passed"] = course.passed(request.user, clock.now()) if shown["assesses"] else None
    return render(request, f"assessments/{template}.html", shown)
