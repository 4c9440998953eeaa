"""Keeping it running: processes, supervision, doctor, audit."""
