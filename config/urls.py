"""Addresses. Each app has its own; the house only says where they begin."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path(prefix, include(module))
    for prefix, module in [
        ("staff/", "accounts.urls"),
        ("", "factories.urls"),
        ("", "factories.package_urls"),
        ("", "assessments.urls"),
        ("", "complaints.casework_urls"),
        ("", "complaints.urls"),
    ]
    if find_spec(module)
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
