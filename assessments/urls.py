"""Addresses of assessments: the tool, visits, what came of them, and how factories get on."""

from django.urls import URLPattern

app_name = "assessments"

urlpatterns: list[URLPattern] = []
