"""Addresses of how factories get on: portfolio, a factory's pages, the programme, and the plain page of workers."""

from django.urls import path

from assessments.views import factory, mine, plain, portfolio, programme

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("assessments/factories/", portfolio.factories, name="factories"),
    path("assessments/factories/<uuid:pk>/", factory.factory, name="factory"),
    path("assessments/factories/<uuid:pk>/door/", factory.door, name="door"),
    path("assessments/factories/<uuid:pk>/note/", factory.note, name="note"),
    path("assessments/factories/<uuid:pk>/silence/", factory.silence, name="silence"),
    path("assessments/factories/<uuid:pk>/agree/", factory.agree, name="agree"),
    path("assessments/actions/<uuid:pk>/<slug:step>/", factory.action, name="action"),
    path("assessments/mine/", mine.mine, name="mine"),
    path("assessments/mine/<uuid:pk>/", mine.mine_of, name="mine_of"),
    path("assessments/programme/", programme.programme, name="programme"),
    # Of workers, without an account. The short code stands on the poster already.
    path("f/<slug:code>/plain/", plain.plain, name="plain"),
    path("f/<slug:code>/poster/", plain.poster, name="poster"),
]
