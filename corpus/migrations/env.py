"""Read by Alembic: runs the migrations on the connection that ``upgrade`` hands over."""

from alembic import context

from corpus.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
