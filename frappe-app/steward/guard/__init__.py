"""The guard under which a change is previewed or applied.

Its wrappers are put once per process at the lowest points through which anything leaves the
transaction, and do nothing unless this very request set its flag in `frappe.local`: other threads
keep working as if it were not there.
"""

from steward.guard.session import guarded
from steward.guard.state import Guard, GuardViolation, current

__all__ = ["Guard", "GuardViolation", "current", "guarded"]
