"""Templates that a run renders: compiling one depends on its text alone.

Frappe compiles the template of an address, of terms or of a notification each time that it renders it,
and ERPNext renders the same address several times while it saves one document.
"""

from __future__ import annotations

import jinja2

from steward.guard.install import wrap
from steward.guard.state import current


def install() -> None:
	wrap(jinja2.Environment, "compile", compile_template)


def compile_template(original, self, source, *args, **kwargs):
	guard = current()
	if guard is None or not isinstance(source, str) or kwargs or len(args) > 2:
		return original(self, source, *args, **kwargs)
	key = (self, source, *args)
	if key not in guard.templates:
		guard.templates[key] = original(self, source, *args)
	return guard.templates[key]
