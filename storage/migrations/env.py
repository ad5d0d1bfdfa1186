"""Alembic's way in: runs on the connection that `storage.migrate` hands over."""

from alembic import context

from storage.tables import metadata


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text tables of SQLite are virtual: Alembic must not compare them with the models."""
    return not (kind == "table" and name is not None and "_words" in name)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_name=include_name,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
