"""`sucharit up`."""


def up() -> None:
    """Run the service."""
