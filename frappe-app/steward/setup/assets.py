"""The Desk panel's files, when the pages were built."""

from __future__ import annotations

from pathlib import Path

PUBLIC = Path(__file__).parent.parent / "public"


def desk_scripts() -> list[str]:
	return built("desk/steward-panel.js")


def desk_styles() -> list[str]:
	return built("desk/steward-panel.css")


def built(path: str) -> list[str]:
	"""Address of a built file with its time as version, so that browsers notice a new build."""
	file = PUBLIC / path
	return [f"/assets/steward/{path}?v={int(file.stat().st_mtime)}"] if file.exists() else []
