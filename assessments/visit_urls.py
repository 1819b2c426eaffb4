"""Addresses of visits: planning, scoring, concluding, giving back, and the safeguarding screen."""

from django.urls import path

from assessments.views import concluding, importing, report, scoring, screens, visits

urlpatterns = [
    path("assessments/", visits.visit_list, name="visits"),
    path("assessments/plan/", visits.choose_factory, name="choose_factory"),
    path("assessments/factories/<uuid:pk>/plan/", visits.plan, name="plan"),
    path("assessments/factories/<uuid:pk>/self/", visits.begin_self, name="begin_self"),
    path("assessments/old/", importing.old_assessments, name="old"),
    path("assessments/screens/", screens.screens, name="screens"),
    path("assessments/screens/<uuid:pk>/", screens.look, name="screen_look"),
    path("assessments/<uuid:pk>/", visits.visit, name="visit"),
    path("assessments/<uuid:pk>/report/", report.report, name="report"),
    path("assessments/<uuid:pk>/steps/<slug:step>/", visits.step, name="step"),
    path("assessments/<uuid:pk>/score/", scoring.score, name="score"),
    path("assessments/<uuid:pk>/sync/", scoring.sync, name="sync"),
    path("assessments/<uuid:pk>/notes/<slug:code>/", scoring.note, name="note"),
    path("assessments/<uuid:pk>/hand-in/", scoring.hand_in, name="hand_in"),
    path("assessments/<uuid:pk>/screen/", screens.send, name="screen"),
    path("assessments/<uuid:pk>/compare/", concluding.compare, name="compare"),
    path("assessments/<uuid:pk>/conclude/", concluding.conclude, name="conclude"),
    path("assessments/<uuid:pk>/review/", concluding.review, name="review"),
    path("assessments/<uuid:pk>/give-back/", concluding.give_back, name="give_back"),
]
