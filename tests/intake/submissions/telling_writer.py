"""The writer process, which says at which stage it is."""

from __future__ import annotations

import sys

from pedgraph.intake import writer
from tests.intake.submissions.stages import tell_of_writer

if __name__ == "__main__":
    tell_of_writer()
    writer.main(sys.argv[1:])
