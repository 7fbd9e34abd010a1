"""The checker process, which says at which stage it is."""

from __future__ import annotations

import sys

from pedgraph.intake.checking import checker
from tests.intake.submissions.stages import tell_of_checker

if __name__ == "__main__":
    tell_of_checker()
    checker.main(sys.argv[1:])
