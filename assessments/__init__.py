"""The standardised tool: visits, scores, likelihood, calibration, improvement, progress."""
