"""Addresses of the people who handle cases, and of those who watch that they do."""

from django.urls import path

from complaints.views import casework, checks, doors, holders, home, inquiry, outside, portfolio, safety, steps

app_name = "casework"

urlpatterns = [
    path("staff/", home.home, name="home"),
    path("notices/", home.notice_list, name="notices"),
    path("notices/seen/", home.notices_seen, name="notices_seen"),
    path("cases/", casework.caseload, name="caseload"),
    path("cases/new/", doors.write_down, name="write_down"),
    path("cases/<slug:reference>/", casework.case, name="case"),
    path("cases/<slug:reference>/words/", casework.words, name="words"),
    path("cases/<slug:reference>/pictures/<uuid:entry>/", casework.picture, name="picture"),
    path("cases/<slug:reference>/messages/", casework.messages, name="messages"),
    path("cases/<slug:reference>/record/", casework.record, name="record"),
    path("cases/<slug:reference>/openings/", casework.openings, name="openings"),
    path("cases/<slug:reference>/timeline/", casework.timeline, name="timeline"),
    path("cases/<slug:reference>/safety/", safety.workspace, name="safety"),
    path("cases/<slug:reference>/referrals/", safety.referrals, name="referrals"),
    path("cases/<slug:reference>/referrals/<int:number>/", safety.referral_sheet, name="referral_sheet"),
    path("cases/<slug:reference>/inquiry/", inquiry.inquiry, name="inquiry"),
    path("cases/<slug:reference>/letters/<slug:letter>/", inquiry.letter, name="letter"),
    path("cases/<slug:reference>/checks/", checks.checks, name="checks"),
    path("cases/<slug:reference>/steps/<slug:step>/", steps.step, name="step"),
    path("bursts/", outside.bursts, name="bursts"),
    path("bursts/<uuid:pk>/<slug:act>/", outside.burst_act, name="burst_act"),
    path("overdue/", outside.late, name="overdue"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/late/", portfolio.late_steps, name="late_steps"),
    path("administration/holders/", holders.holders, name="holders"),
    path("administration/leavers/<uuid:pk>/", holders.leaver, name="leaver"),
]
