"""What every app's part of the trial shares."""

PASSWORD = "seven spools of blue thread"  # noqa: S105  (printed for everybody who tries the demo)
