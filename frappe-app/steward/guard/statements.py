"""What a SQL statement does, as far as a run's memory of its reads must know.

Told from the text alone, and only where the text leaves no doubt; whatever is not recognised counts
as a statement that may have changed anything.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

#: `read` depends on nothing but committed rows and the run's own writes, `look` on more than that (the
#: clock, a variable) but changes nothing; `write` changes one table, `change` perhaps any. A read that
#: locks its rows is a `read`: what it found cannot change before the run ends, except by the run.
Kind = Literal["read", "look", "write", "change"]

#: Functions and words before a bracket whose value depends on their arguments alone.
PURE = set(
	"""
	abs all and any as between by case cast ceil ceiling char_length coalesce concat concat_ws convert
	count date date_add date_format date_sub datediff day distinct elt else exists field find_in_set
	floor from greatest group_concat having if ifnull in instr join least left length like locate lower
	lpad ltrim max min mod month not nullif on or over partition replace right round row_number rpad
	rtrim select strcmp substr substring sum then timestamp timestampdiff to_days trim truncate union
	unsigned upper using values when where with year
	""".split()
)
#: Functions that look at more than rows, and change none.
HARMLESS = {"curdate", "get_lock", "last_insert_id", "now", "release_lock"}
CALLED = re.compile(r"([a-z_$][\w$]*)\s*\(", re.IGNORECASE)
STARTS_READ = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
STARTS_LOOK = re.compile(r"\s*(savepoint|release\s+savepoint|show|describe|desc|explain)\b", re.IGNORECASE)
#: Locks that are not waited for, the clock, variables, sequences, and what puts the rows elsewhere.
NOT_ROWS_ALONE = re.compile(
	r"\bskip\s+locked\b|\bnowait\b|\bwait\s+\d|\bcurrent_|\blocaltime|\butc_|@|\binto\b|"
	r"\bvalue\s+for\b|\bsql_calc_found_rows\b|\bprocedure\b|/\*!",
	re.IGNORECASE,
)
WRITES_ONE = re.compile(
	r"\s*(?:insert\s+(?:ignore\s+)?into|replace\s+into|delete\s+from|update)\s+`(tab[^`]+)`\s*"
	r"(set\b|where\b|values\b|\(|$)",
	re.IGNORECASE,
)


#: Longer statements are rare and do not repeat.
LONGEST_REMEMBERED = 4000


def kind_of(statement: str) -> tuple[Kind, str | None]:
	"""The kind of a statement, and the table that a `write` changes."""
	return remembered_kind(statement) if len(statement) <= LONGEST_REMEMBERED else told_kind(statement)


def told_kind(statement: str) -> tuple[Kind, str | None]:
	if STARTS_LOOK.match(statement):
		return "look", None
	called = {name.lower() for name in CALLED.findall(statement)} - PURE
	if called - HARMLESS or ";" in statement:
		return "change", None
	written = WRITES_ONE.match(statement)
	if written:
		return "write", written.group(1)
	if not STARTS_READ.match(statement):
		return "change", None
	return ("look" if called or NOT_ROWS_ALONE.search(statement) else "read"), None


remembered_kind = lru_cache(maxsize=2048)(told_kind)
