"""Addresses of assessments: the tool, visits, what came of them, and how factories get on."""

from django.urls import URLPattern

from assessments import cycle_urls, tool_urls, visit_urls

app_name = "assessments"

urlpatterns: list[URLPattern] = [
    *tool_urls.urlpatterns,
    *visit_urls.urlpatterns,
    *cycle_urls.urlpatterns,
]
