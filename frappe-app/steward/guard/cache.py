"""The shared cache, seen through an overlay.

Inside the transaction a cached value may be one that is never committed, so what the run writes
stays in its own overlay; reads fall through to the shared cache unless the run wrote or removed the
key. A preview throws the overlay away. An apply, once committed, removes each key it touched from
the shared cache (the next reader fills it from the database) and repeats what was no cache at all,
such as a push to a queue.
"""

from __future__ import annotations

import frappe
from frappe.utils import redis_wrapper
from frappe.utils.redis_wrapper import RedisWrapper

from steward.guard.install import wrap
from steward.guard.state import Guard, current

READS = {"GET", "EXISTS", "KEYS", "HGET", "HGETALL", "HKEYS", "HEXISTS"}
WRITES = {"SET", "SETEX", "PSETEX", "SETNX", "DEL", "UNLINK", "HSET", "HDEL", "EXPIRE"}
#: Reads of values that a document's save never writes.
PLAIN_READS = {"PING", "CLIENT", "TTL", "LLEN", "LRANGE", "SMEMBERS", "SISMEMBER", "TYPE", "INFO", "SCAN"}


def install() -> None:
	wrap(RedisWrapper, "execute_command", execute_command)
	client_cache = getattr(redis_wrapper, "ClientCache", None)
	if client_cache is not None:
		wrap(client_cache, "get_value", client_get_value)
		wrap(client_cache, "set_value", client_set_value)


def execute_command(original, self, *args, **options):
	guard = current()
	if guard is None:
		return original(self, *args, **options)
	command = str(args[0]).upper()
	shared = lambda *call: original(self, *call)  # noqa: E731
	if command in READS:
		return read(guard, shared, command, args[1:])
	if command in WRITES:
		return write(guard, command, args[1:])
	if command in PLAIN_READS:
		return original(self, *args, **options)
	# A push to a queue, a counter, a published event: only after the commit.
	if guard.mode == "apply":
		guard.after_commit.append(lambda: original(self, *args, **options))
	return 0


def client_get_value(original, self, key, *, shared=False, generator=None):
	"""Frappe 16's in-process cache would keep a value of this transaction for other requests."""
	guard = current()
	if guard is None:
		return original(self, key, shared=shared, generator=generator)
	if not guard.cache or client_key(guard, self, key, shared) not in guard.cache:
		held = original(self, key, shared=shared)
		if held is not None:
			return held
	value = self.redis.get_value(key, shared=shared, use_local_cache=False)
	if value is None and generator:
		value = generator()
		self.redis.set_value(key, value, shared=shared)
	return value


def client_key(guard: Guard, client, key, shared: bool) -> bytes:
	"""The key's whole name; it is asked for thousands of times in a run."""
	name = guard.client_keys.get((key, shared))
	if name is None:
		name = guard.client_keys[(key, shared)] = client.redis.make_key(key, shared=shared)
	return name


def client_set_value(original, self, key, val, *, shared=False):
	if current() is None:
		return original(self, key, val, shared=shared)
	return self.redis.set_value(key, val, shared=shared)


def read(guard: Guard, shared, command: str, args: tuple):
	if command == "EXISTS":
		return sum(1 for key in args if held(guard, key) or (untouched(guard, key) and shared("EXISTS", key)))
	if command == "KEYS":
		return [key for key in shared("KEYS", *args) if key_bytes(key) not in guard.cache or held(guard, key)]
	key = args[0]
	if command == "GET":
		return shared("GET", key) if untouched(guard, key) else guard.cache[key_bytes(key)]
	return read_hash(guard, shared, command, key, args[1:])


def read_hash(guard: Guard, shared, command: str, key, args: tuple):
	overlay = guard.cache.get(key_bytes(key), {})
	if overlay is None:
		overlay = {None: True}
	hidden = None in overlay
	if command in ("HGET", "HEXISTS"):
		field = key_bytes(args[0])
		if field in overlay or hidden:
			value = overlay.get(field)
			return value if command == "HGET" else value is not None
		return shared(command, key, *args)
	fields = {} if hidden else dict(shared("HGETALL", key) or {})
	fields.update({name: value for name, value in overlay.items() if name is not None})
	fields = {name: value for name, value in fields.items() if value is not None}
	return fields if command == "HGETALL" else list(fields)


def write(guard: Guard, command: str, args: tuple):
	if command in ("DEL", "UNLINK"):
		for key in args:
			touch(guard, key, None)
		return len(args)
	key = args[0]
	if command == "HSET":
		for field, value in zip(args[1::2], args[2::2], strict=False):
			touch_field(guard, key, field, value)
		return 1
	if command == "HDEL":
		for field in args[1:]:
			touch_field(guard, key, field, None)
		return 1
	if command != "EXPIRE":
		touch(guard, key, args[2] if command in ("SETEX", "PSETEX") else args[1])
	return True


def touch(guard: Guard, key, value) -> None:
	name = key_bytes(key)
	if name not in guard.cache and guard.mode == "apply":
		guard.after_commit.append(lambda: frappe.cache.execute_command("DEL", name))
	guard.cache[name] = as_bytes(value)


def touch_field(guard: Guard, key, field, value) -> None:
	name, member = key_bytes(key), key_bytes(field)
	overlay = guard.cache.get(name)
	if name in guard.cache and overlay is None:
		overlay = {None: True}
	overlay = {} if overlay is None else overlay
	if member not in overlay and guard.mode == "apply":
		guard.after_commit.append(lambda: frappe.cache.execute_command("HDEL", name, member))
	overlay[member] = as_bytes(value)
	guard.cache[name] = overlay


def untouched(guard: Guard, key) -> bool:
	return key_bytes(key) not in guard.cache


def held(guard: Guard, key) -> bool:
	return guard.cache.get(key_bytes(key)) is not None


def key_bytes(key) -> bytes:
	return key if isinstance(key, bytes) else str(key).encode()


def as_bytes(value):
	return value.encode() if isinstance(value, str) else value
