from support.database import database, database_url, empty_url, sqlite_database  # noqa: F401 - fixtures
