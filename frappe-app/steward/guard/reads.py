"""What a run has read already.

Everything a guarded run reads comes from one transaction, and so from one snapshot: the same SELECT
gives the same rows until the run itself writes to a table it names. ERPNext asks the same questions
over and over while it saves a document, and a run asks once more to show what was saved; what has
not changed in between is answered from here. Reads that depend on more than rows always go to the
database. An answer is forgotten as soon as the run writes to a table that its statements mention, and
all are when it does something whose reach the text does not tell.
"""

from __future__ import annotations

import datetime
import marshal
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from steward.guard.statements import kind_of

PLAIN = {str, int, float, bool, type(None), Decimal, datetime.date, datetime.datetime, datetime.timedelta}
#: The version of the format that says the same of equal values, wherever they are kept.
MARSHAL_BY_VALUE = 2
#: Ways to ask for rows that change nothing but their shape.
SHAPES = {"as_dict", "as_list", "pluck", "run", "values"}
#: Larger answers are not asked for twice, and would only take memory.
MOST_ROWS = 500


@dataclass
class Answer:
	#: The statements behind it, in small letters.
	statements: str
	rows: Any


@dataclass
class Reads:
	answers: dict[tuple, Answer] = field(default_factory=dict)
	#: Statements of each question being answered now; None once one of them was no plain read.
	asking: list[list[str] | None] = field(default_factory=list)
	#: Tables that no answer depends on: a document of many rows writes to one again and again.
	forgotten: set[str] = field(default_factory=set)

	def answer(self, key: tuple, ask: Callable[[], Any]) -> Any:
		"""The rows for `key`: as they were, or by asking, and kept if only plain reads led to them."""
		known = self.answers.get(key)
		if known is not None:
			self.note(known.statements)
			return copied(known.rows)
		self.asking.append([])
		try:
			rows = ask()
		finally:
			statements = self.asking.pop()
			self.note("\n".join(statements) if statements is not None else None)
		if statements and is_kept(rows):
			self.keep(key, Answer("\n".join(statements), copied(rows)))
		return rows

	def keep(self, key: tuple, answer: Answer) -> None:
		self.answers[key] = answer
		self.forgotten = {word for word in self.forgotten if word not in answer.statements}

	def note(self, statements: str | None) -> None:
		"""Whoever waits for this answer depends on what it depends on."""
		if not self.asking:
			return
		waiting = self.asking[-1]
		if statements is None:
			self.asking[-1] = None
		elif waiting is not None and statements:
			waiting.append(statements)

	def forget(self, table: str | None) -> None:
		"""Answers that depend on `table`; all of them when it is not known which table it was."""
		if table is None:
			self.answers.clear()
			return
		word = table.lower()
		if word in self.forgotten:
			return
		self.forgotten.add(word)
		self.answers = {key: known for key, known in self.answers.items() if word not in known.statements}


def ask_sql(reads: Reads, ask: Callable[..., Any], db: Any, query: Any, args: tuple, options: dict) -> Any:
	"""`db.sql(query, …)`, from memory where that is the same."""
	statement = str(query)
	kind, table = kind_of(statement)
	if kind in ("write", "change"):
		return change(reads, lambda: ask(db, query, *args, **options), db, statement, table)
	if kind == "look" or not may_remember(options):
		reads.note(None)
		return ask(db, query, *args, **options)

	def plainly() -> Any:
		reads.note(statement.lower())
		return ask(db, query, *args, **options)

	# Within a question that is remembered itself, its statements are not.
	asked = None if reads.asking else told(args, options)
	return plainly() if asked is None else reads.answer((id(db), statement, asked), plainly)


def change(reads: Reads, ask: Callable[[], Any], db: Any, statement: str, table: str | None) -> Any:
	"""Do it and forget what may not hold any more; a deletion that found nothing changed nothing. Frappe
	deletes the rows that went from each table of a document when it saves it."""
	is_idle = False
	reads.note(None)
	try:
		answer = ask()
		is_idle = bool(table) and statement.lstrip()[:6].lower() == "delete" and db._cursor.rowcount == 0
		return answer
	finally:
		if not is_idle:
			reads.forget(table)


def ask_again(reads: Reads, whose: tuple, ask: Callable[[], Any], args: tuple, options: dict) -> Any:
	"""The rows of a question of `whose` kind, without building its statement again."""
	asked = told(args, options)
	return ask() if asked is None else reads.answer((*whose, asked), ask)


def may_remember(options: dict[str, Any]) -> bool:
	used = {name for name, value in options.items() if value}
	return options.get("run", True) and used <= SHAPES


def told(args: tuple, options: dict[str, Any]) -> bytes | str | None:
	"""What tells these arguments apart from all others; None when nothing does."""
	try:
		return marshal.dumps((args, options), MARSHAL_BY_VALUE)
	except ValueError:
		return repr((args, options)) if is_plain(args) and is_plain(options) else None


def is_plain(value: Any) -> bool:
	"""Whether `repr` tells the value apart from every other."""
	if isinstance(value, dict):
		return all(type(key) in PLAIN and is_plain(item) for key, item in value.items())
	if isinstance(value, list | tuple):
		return all(is_plain(item) for item in value)
	return type(value) in PLAIN


def is_kept(rows: Any) -> bool:
	"""Flat rows, and not too many; all of one answer have the same shape."""
	if not isinstance(rows, list | tuple | dict) or len(rows) > MOST_ROWS:
		return False
	first = rows if isinstance(rows, dict) else next(iter(rows), None)
	cells = first.values() if isinstance(first, dict) else first if isinstance(first, list | tuple) else ()
	return not any(isinstance(cell, list | dict) for cell in cells)


def copied(rows: Any) -> Any:
	"""Rows that whoever asked may change."""
	if isinstance(rows, dict):
		return type(rows)(rows)
	if isinstance(rows, list):
		return [type(row)(row) if isinstance(row, list | dict) else row for row in rows]
	return rows
