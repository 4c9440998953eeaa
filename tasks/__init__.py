"""Prefect tasks: thin shells that open a unit of work, call one service and commit."""
