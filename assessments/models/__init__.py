"""Tables of assessments: the tool, visits and scores, conclusions, and what comes after a visit."""

from assessments.models.conclusion import (
    ExpertReview,
    GoodPractice,
    Looked,
    PlaceGrant,
    PlaceReview,
    ReviewReason,
    SignalMark,
    SilenceFlag,
    SilenceKind,
    SilenceVersion,
)
from assessments.models.follow_up import (
    ActionOwner,
    AgreedAction,
    AssessmentDeadline,
    AssessmentRung,
    CourseAttempt,
    PlainVersion,
    ProgressFigure,
    ProgressQuarter,
    SharedNote,
)
from assessments.models.scores import (
    Cap,
    DomainScore,
    FirstScore,
    IndicatorNote,
    NotAssessed,
    Score,
    Source,
    Synced,
)
from assessments.models.tool import ToolVersion
from assessments.models.visit import (
    Assessment,
    AssessmentStage,
    Assessor,
    Confidence,
    Kind,
    Level,
    Restriction,
    Strength,
)

__all__ = [
    "ActionOwner", "AgreedAction", "Assessment", "AssessmentDeadline", "AssessmentRung", "AssessmentStage", "Assessor",
    "Cap", "Confidence", "CourseAttempt", "DomainScore", "ExpertReview", "FirstScore", "GoodPractice", "IndicatorNote",
    "Kind", "Level", "Looked", "NotAssessed", "PlaceGrant", "PlaceReview", "PlainVersion", "ProgressFigure",
    "ProgressQuarter", "Restriction", "ReviewReason", "Score", "SharedNote", "SignalMark", "SilenceFlag",
    "SilenceKind", "SilenceVersion", "Source", "Strength", "Synced", "ToolVersion",
]  # fmt: skip
