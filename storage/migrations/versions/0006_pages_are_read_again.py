"""pages are read again, and hosts in trouble are left alone"""

from collections.abc import Sequence
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

from storage.columns import BigKey, UtcDateTime

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WAITING = sa.text("state = 'new'")


def upgrade() -> None:
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("tag", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("modified", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checks", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(
            "ix_article_waiting", ["host", "id"], unique=False, sqlite_where=_WAITING, postgresql_where=_WAITING
        )
    _name_hosts()
    op.create_table(
        "article_edit",
        sa.Column("id", BigKey, nullable=False),
        sa.Column("article_id", BigKey, nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_edit_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_edit")),
    )
    with op.batch_alter_table("article_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_edit_article_id"), ["article_id"], unique=False)
    op.create_table(
        "web_host",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_web_host")),
    )


def downgrade() -> None:
    op.drop_table("web_host")
    op.drop_table("article_edit")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index("ix_article_waiting", sqlite_where=_WAITING, postgresql_where=_WAITING)
        batch_op.drop_column("checks")
        batch_op.drop_column("modified")
        batch_op.drop_column("tag")
        batch_op.drop_column("host")


def _name_hosts() -> None:
    """Pages that wait from before are read host by host as well."""
    article = sa.table("article", sa.column("id"), sa.column("url"), sa.column("host"), sa.column("state"))
    connection = op.get_bind()
    waiting = connection.execute(sa.select(article.c.id, article.c.url).where(article.c.state == "new")).all()
    if waiting:
        statement = sa.update(article).where(article.c.id == sa.bindparam("key")).values(host=sa.bindparam("name"))
        connection.execute(statement, [{"key": key, "name": urlsplit(url).hostname or ""} for key, url in waiting])
