"""Steward inside ERPNext: what must run in ERPNext's own process and transaction."""

__version__ = "0.1.0"
