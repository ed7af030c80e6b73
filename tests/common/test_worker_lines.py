"""What the worker's library logs of a job that failed."""

import json
import logging

from common.logs import IdsOnly


def test_a_failed_job_is_named_without_what_its_exception_says() -> None:
    failed = logging.LogRecord(
        "django-q",
        logging.ERROR,
        __file__,
        1,
        "Failed 'sweep lapse_holds' (sweep lapse_holds) - Failing row contains (王建国) : Trace",
        (),
        None,
    )

    told = json.loads(IdsOnly().format(failed))

    assert told["event"] == "Failed 'sweep lapse_holds' (sweep lapse_holds)"
