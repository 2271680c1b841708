from __future__ import annotations

import functools
import threading
from collections.abc import Callable

_installed = False
_lock = threading.Lock()


def install() -> None:
	"""Put the wrappers in place, once per process."""
	global _installed
	if _installed:
		return
	with _lock:
		if _installed:
			return
		from steward.guard import cache, database, documents, handoffs, outbound, templates

		for part in (database, cache, documents, handoffs, outbound, templates):
			part.install()
		_installed = True


def wrap(owner: object, name: str, around: Callable) -> None:
	"""Replace `owner.name` by `around(original, *args, **kwargs)`, for good."""
	original = getattr(owner, name)

	@functools.wraps(original)
	def wrapper(*args, **kwargs):
		return around(original, *args, **kwargs)

	setattr(owner, name, wrapper)
