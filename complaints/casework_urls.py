"""Addresses of the people who handle cases, and of those who watch that they do."""

from django.urls import path

from complaints.views import casework, steps

app_name = "casework"

urlpatterns = [
    path("cases/", casework.caseload, name="caseload"),
    path("cases/<slug:reference>/", casework.case, name="case"),
    path("cases/<slug:reference>/words/", casework.words, name="words"),
    path("cases/<slug:reference>/pictures/<uuid:entry>/", casework.picture, name="picture"),
    path("cases/<slug:reference>/messages/", casework.messages, name="messages"),
    path("cases/<slug:reference>/record/", casework.record, name="record"),
    path("cases/<slug:reference>/openings/", casework.openings, name="openings"),
    path("cases/<slug:reference>/timeline/", casework.timeline, name="timeline"),
    path("cases/<slug:reference>/steps/<slug:step>/", steps.step, name="step"),
]
