"""Prefect flows: the order of tasks, and the deployments that schedule them."""
