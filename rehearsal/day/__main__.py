"""`python -m rehearsal.day --patients 60 [--seed N]`: play the day; the last line is JSON."""

import sys

from rehearsal.day.run import main

if __name__ == "__main__":
    sys.exit(main())
