"""Named places where a test can have the process killed, at every boundary between steps.

`GIAOVIEC_FAILPOINT=after_received` kills the process with SIGKILL the first time it gets there, as a power cut
would. Without the variable a failpoint costs a comparison.
"""

import os
import signal

FAILPOINTS = (
    "after_staged",
    "after_checked",
    "after_blob",
    "after_received",
    "after_staging_removed",
    "after_read_blob",
    "after_read",
    "after_part",
    "after_extracted",
    "before_load",
    "inside_load",
    "after_load",
    "before_quarantine_move",
    "after_quarantine_move",
    "after_quarantined",
    "before_publish_rename",
    "after_published",
)


def failpoint(name: str) -> None:
    """Die here if the environment says so; `name` is one of FAILPOINTS."""
    assert name in FAILPOINTS, name
    if os.environ.get("GIAOVIEC_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
