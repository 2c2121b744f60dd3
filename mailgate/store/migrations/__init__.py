"""The revisions of the tables, and Alembic's environment for them."""
