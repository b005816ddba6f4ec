"""The job under test: production's SQL files, run in order. It knows nothing of tests."""

import pathlib

SQL = pathlib.Path(__file__).parent / "sql"


def run_file(connection, name, **parameters):
    """Runs the statements of one SQL file, with {name} replaced by each parameter."""
    text = (SQL / name).read_text()
    for key, value in parameters.items():
        text = text.replace("{" + key + "}", value)
    cursor = connection.cursor()
    for statement in text.split(";"):
        if statement.strip():
            cursor.execute(statement)


def nightly(connection, day):
    run_file(connection, "load_orders.sql", day=day)
    run_file(connection, "daily_revenue.sql", day=day)
