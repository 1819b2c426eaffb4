"""Addresses of the prevention package: how factories enter, their activities, reviews, events and practices."""

from django.urls import URLPattern

app_name = "package"

urlpatterns: list[URLPattern] = []
