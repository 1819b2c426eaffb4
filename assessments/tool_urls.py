"""Addresses of the tool and its versions, the guidance, and the course."""

from django.urls import path

from assessments.views import calibration, course, tool

urlpatterns = [
    path("assessments/tool/", tool.tool_list, name="tool"),
    path("assessments/tool/new/", tool.tool_new, name="tool_new"),
    path("assessments/tool/<uuid:pk>/", tool.tool_version, name="tool_version"),
    path("assessments/tool/<uuid:pk>/file/", tool.tool_file, name="tool_file"),
    path("assessments/tool/<uuid:pk>/withdraw/", tool.tool_withdraw, name="tool_withdraw"),
    path("assessments/agreement/", calibration.show, name="agreement"),
    path("assessments/guidance/", course.guide, name="guidance"),
    path("assessments/course/", course.show, name="course"),
    path("assessments/course/test/", course.test, name="course_test"),
]
