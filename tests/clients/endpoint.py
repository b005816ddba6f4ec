"""The one endpoint that all clients of a run meet, and what they share."""

import pathlib
import subprocess
import tempfile

USER, DATABASE, PASSWORD = "awsuser", "dev", "Endpoint-4-tests"

# One column of every type that all clients can read, and what each of them must make of it.
TYPES = """SELECT 1::SMALLINT, 2::INTEGER, 3::BIGINT, 1.25::DECIMAL(10,2), 1.5::REAL, 2.5::DOUBLE PRECISION, true,
    'abc'::VARCHAR(10), 'x'::CHAR(3), '2024-02-29'::DATE, '2024-01-02 03:04:05.678'::TIMESTAMP,
    '2024-01-02 03:04:05+00'::TIMESTAMPTZ, NULL::INTEGER, -12345678901234567890.123456::DECIMAL(30,6)"""


def expected_types():
    import datetime
    from decimal import Decimal
    return [1, 2, 3, Decimal("1.25"), 1.5, 2.5, True, "abc", "x  ", datetime.date(2024, 2, 29),
            datetime.datetime(2024, 1, 2, 3, 4, 5, 678000),
            datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), None,
            Decimal("-12345678901234567890.123456")]


class Endpoint:
    """A `vesto serve` on a free port, with further flags."""

    def __init__(self, vesto, *flags):
        self.vesto = vesto
        self.folder = tempfile.TemporaryDirectory()
        secret = pathlib.Path(self.folder.name, "password")
        secret.write_text(PASSWORD + "\n")
        self.process = subprocess.Popen(
            [vesto, "serve", "--port", "0", "--password-file", secret, "--nodes", "2", "--slices", "2", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        assert "accepts connections at postgresql://" in line, line
        self.port = int(line.rsplit(":", 1)[1].split("/")[0])

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=30)
        self.folder.cleanup()
        return status


RUNNING = None  # set by clients_test.py before the first test


def port():
    return RUNNING.port


def dbapi_round(case, connection, parameter="%s"):
    """What PEP 249 clients have in common."""
    cursor = connection.cursor()
    cursor.execute(TYPES)
    case.assertEqual(list(cursor.fetchall()[0]), expected_types())
    cursor.execute("CREATE TEMP TABLE staff (id INTEGER, name VARCHAR(40))")
    insert = f"INSERT INTO staff VALUES ({parameter}, {parameter})"
    cursor.executemany(insert, [(1, "Ada"), (2, "O'Neil \\ sons"), (3, None)])
    connection.commit()
    cursor.execute(f"SELECT name FROM staff WHERE id >= {parameter} ORDER BY id", (2,))
    case.assertEqual([tuple(row) for row in cursor.fetchall()], [("O'Neil \\ sons",), (None,)])
    cursor.execute("DELETE FROM staff")
    connection.rollback()
    cursor.execute("SELECT COUNT(*) FROM staff")
    case.assertEqual(cursor.fetchall()[0][0], 3)
    connection.rollback()


def bytes_round(case, connection, value):
    """Bytes as a client that puts them into the statement's text sends them."""
    cursor = connection.cursor()
    cursor.execute("CREATE TEMP TABLE blobs (id INTEGER, b VARBYTE(16))")
    cursor.execute("INSERT INTO blobs VALUES (%s, %s)", (1, value))
    cursor.execute("SELECT FROM_VARBYTE(b, 'hex') FROM blobs WHERE b = %s", (value,))
    case.assertEqual([tuple(row) for row in cursor.fetchall()], [("005c27ff41",)])
    connection.rollback()


BYTES = b"\x00\\'\xffA"
