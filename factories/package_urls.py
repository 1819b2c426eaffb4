"""Addresses of the prevention package: how factories enter, their activities, reviews, events and practices."""

from django.urls import path

from factories.views import package, package_activities, package_events, package_learning, package_reviews

app_name = "package"

urlpatterns = [
    path("package/", package.home, name="home"),
    path("package/events/", package_events.event_list, name="events"),
    path("package/events/new/", package_events.event_new, name="event_new"),
    path("package/events/<uuid:event>/", package_events.event, name="event"),
    path("package/events/<uuid:event>/followed/", package_events.event_followed, name="event_followed"),
    path("package/commitments/<uuid:commitment>/done/", package_events.commitment_done, name="commitment_done"),
    path("package/practices/", package_events.practice_list, name="practices"),
    path("package/practices/<uuid:practice>/withdraw/", package_events.practice_withdraw, name="practice_withdraw"),
    path("package/<uuid:pk>/", package.factory, name="factory"),
    path("package/<uuid:pk>/introduction/", package.introduction_new, name="introduction_new"),
    path(
        "package/<uuid:pk>/introduction/<uuid:introduction>/", package.introduction_answer, name="introduction_answer"
    ),
    path("package/<uuid:pk>/understanding/", package.understanding, name="understanding"),
    path("package/<uuid:pk>/team/", package.team, name="team"),
    path("package/<uuid:pk>/plan/", package.plan, name="plan"),
    path("package/<uuid:pk>/activities/<slug:code>/", package_activities.activity, name="activity"),
    path("package/<uuid:pk>/activities/<slug:code>/<slug:act>/", package_activities.activity_act, name="activity_act"),
    path("package/<uuid:pk>/requests/<uuid:asked>/", package_activities.request_answer, name="request_answer"),
    path("package/<uuid:pk>/reviews/<uuid:review>/", package_reviews.review, name="review"),
    path("package/<uuid:pk>/numbers/", package_reviews.numbers_asked, name="numbers_asked"),
    path("package/<uuid:pk>/numbers/talked/", package_reviews.numbers_talked, name="numbers_talked"),
    path("package/<uuid:pk>/ending/", package_reviews.end_support, name="ending"),
    path("package/<uuid:pk>/ending/message/", package_reviews.end_message, name="end_message"),
    path("package/<uuid:pk>/learning/", package_learning.learn, name="learning"),
    path("package/<uuid:pk>/learning/<slug:kind>/", package_learning.learn_record, name="learning_record"),
    path("package/<uuid:pk>/learning/<slug:what>/<uuid:one>/", package_learning.learn_later, name="learning_later"),
    path("package/<uuid:pk>/practices/", package_events.practice_new, name="practice_new"),
]
