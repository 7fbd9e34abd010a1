"""What a submission would change, piece by piece; see :mod:`pedgraph.intake.submissions.preview`."""
