#!/usr/bin/env python3
"""Real clients against a real endpoint. Usage: clients_test.py VESTO FOLDER [TEST...]

Starts `vesto serve` on a free port and lets each client do what its users do: log in, read every
type, write with parameters, run transactions, see errors. The Python clients come from PyPI into a
virtual environment in FOLDER (kept between runs), psql from the Debian package postgresql-client. A
client that cannot be had is skipped and named; more than one of them is a failure.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import venv

# pg8000 after 1.31.2 and redshift_connector want different releases of scramp.
PACKAGES = ["psycopg2-binary", "psycopg[binary]>=3.2", "asyncpg>=0.30", "pg8000<1.31.3", "redshift-connector>=2.1"]
PASSWORD = "Endpoint-4-tests"
SKIPS_MAX = 1

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
    """One `vesto serve` for all tests."""

    def __init__(self, vesto):
        self.folder = tempfile.TemporaryDirectory()
        secret = pathlib.Path(self.folder.name, "password")
        secret.write_text(PASSWORD + "\n")
        self.process = subprocess.Popen(
            [vesto, "serve", "--port", "0", "--password-file", secret, "--nodes", "2", "--slices", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        assert "accepts connections at postgresql://" in line, line
        self.port = int(line.rsplit(":", 1)[1].split("/")[0])

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=30)
        self.folder.cleanup()
        return status


ENDPOINT = None


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


class Psql(unittest.TestCase):
    def psql(self, *arguments, **environment):
        try:
            return subprocess.run(
                ["psql", "-X", "-v", "ON_ERROR_STOP=1", *arguments], capture_output=True, text=True, timeout=120,
                check=False,
                env={**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(ENDPOINT.port), "PGUSER": "awsuser",
                     "PGDATABASE": "dev", "PGPASSWORD": PASSWORD, "LC_ALL": "C.UTF-8", **environment})
        except FileNotFoundError:
            self.skipTest("psql is not installed")

    def test_statements_and_errors(self):
        done = self.psql("-At", "-c", "CREATE TEMP TABLE t (a INT)", "-c", "INSERT INTO t VALUES (1), (2)",
                         "-c", "SELECT SUM(a) FROM t")
        self.assertEqual((done.stdout, done.stderr), ("CREATE TABLE\nINSERT 0 2\n3\n", ""))
        done = self.psql("-c", "SELECT nothing FROM nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn('ERROR:  relation "nowhere" does not exist\nLINE 1: SELECT nothing FROM nowhere\n', done.stderr)

    def test_tls(self):
        done = self.psql("-At", "-c", "SELECT 1", PGSSLMODE="require")
        self.assertEqual((done.stdout, done.stderr), ("1\n", ""))

    def test_wrong_password(self):
        done = self.psql("-c", "SELECT 1", PGPASSWORD="wrong")
        self.assertEqual(done.returncode, 2)
        self.assertIn('password authentication failed for user "awsuser"', done.stderr)

    def test_backslash_commands(self):
        setup = self.psql("-c", "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INT NOT NULL DISTKEY, day DATE SORTKEY,"
                          " total DECIMAL(12,2) DEFAULT 0, PRIMARY KEY (id)); CREATE VIEW shop.recent AS SELECT id FROM"
                          " shop.orders; COMMENT ON TABLE shop.orders IS 'what was bought'")
        self.assertEqual(setup.stderr, "")
        for command in [r"\d", r"\d shop.orders", r"\d+ shop.orders", r"\dt shop.*", r"\dt+ shop.*", r"\dv shop.*",
                        r"\di", r"\dn", r"\dn+", r"\l", r"\du", r"\df", r"\dp shop.*", r"\z shop.orders", r"\dd",
                        r"\ddp", r"\drds", r"\db", r"\dx", r"\conninfo"]:
            done = self.psql("-c", command)
            self.assertEqual(done.returncode, 0, command)
            self.assertNotIn("ERROR", done.stderr, command)
        described = self.psql("-c", r"\d shop.orders").stdout
        for text in ["id", "integer", "not null", "total", "numeric(12,2)", '"orders_pkey"']:
            self.assertIn(text, described)


class Psycopg2(unittest.TestCase):
    def connect(self):
        try:
            import psycopg2
        except ImportError:
            self.skipTest("psycopg2 is not installed")
        return psycopg2.connect(host="127.0.0.1", port=ENDPOINT.port, user="awsuser", password=PASSWORD, dbname="dev")

    def test_dbapi(self):
        connection = self.connect()
        dbapi_round(self, connection)
        connection.close()

    def test_errors_carry_their_state(self):
        import psycopg2
        connection = self.connect()
        with self.assertRaises(psycopg2.errors.DivisionByZero) as caught:
            connection.cursor().execute("SELECT 1/0")
        self.assertEqual(caught.exception.pgcode, "22012")
        connection.rollback()
        connection.close()


class Psycopg3(unittest.TestCase):
    def connect(self):
        try:
            import psycopg
        except ImportError:
            self.skipTest("psycopg is not installed")
        return psycopg.connect(host="127.0.0.1", port=ENDPOINT.port, user="awsuser", password=PASSWORD, dbname="dev")

    def test_dbapi(self):
        with self.connect() as connection:
            dbapi_round(self, connection)

    def test_binary_results(self):
        with self.connect() as connection:
            cursor = connection.cursor(binary=True)
            cursor.execute(TYPES)
            self.assertEqual(list(cursor.fetchall()[0]), expected_types())

    def test_pipeline(self):
        with self.connect() as connection, connection.pipeline():
            first, second = connection.execute("SELECT 1"), connection.execute("SELECT 2")
            self.assertEqual(first.fetchone() + second.fetchone(), (1, 2))


class Asyncpg(unittest.IsolatedAsyncioTestCase):
    async def test_everything_in_binary(self):
        try:
            import asyncpg
        except ImportError:
            self.skipTest("asyncpg is not installed")
        connection = await asyncpg.connect(host="127.0.0.1", port=ENDPOINT.port, user="awsuser", password=PASSWORD,
                                           database="dev")
        self.assertEqual(list((await connection.fetch(TYPES))[0]), expected_types())
        row = await connection.fetchrow("SELECT $1::INT + 1, $2::VARCHAR", 41, "hi")
        self.assertEqual(tuple(row), (42, "hi"))
        async with connection.transaction():
            await connection.execute("CREATE TEMP TABLE numbers (a INT)")
            await connection.executemany("INSERT INTO numbers VALUES ($1)", [(i,) for i in range(10)])
            rows = [row["a"] async for row in connection.cursor("SELECT a FROM numbers ORDER BY a", prefetch=3)]
        self.assertEqual(rows, list(range(10)))
        with self.assertRaises(asyncpg.exceptions.DivisionByZeroError):
            await connection.fetch("SELECT 1/0")
        await connection.close()


class Pg8000(unittest.TestCase):
    def test_dbapi(self):
        try:
            import pg8000.dbapi
        except ImportError:
            self.skipTest("pg8000 is not installed")
        connection = pg8000.dbapi.connect(host="127.0.0.1", port=ENDPOINT.port, user="awsuser", password=PASSWORD,
                                          database="dev")
        dbapi_round(self, connection)
        connection.close()


class RedshiftConnector(unittest.TestCase):
    def connect(self, password=PASSWORD):
        try:
            import redshift_connector
        except ImportError:
            self.skipTest("redshift_connector is not installed")
        return redshift_connector.connect(host="127.0.0.1", port=ENDPOINT.port, user="awsuser", password=password,
                                          database="dev", ssl=False)

    def test_dbapi(self):
        connection = self.connect()
        dbapi_round(self, connection)
        connection.close()

    def test_wrong_password(self):
        import redshift_connector
        with self.assertRaises(redshift_connector.Error) as caught:
            self.connect("wrong")
        self.assertIn("password authentication failed", str(caught.exception))


def environment(folder):
    """The Python of a virtual environment that holds PACKAGES; made on first use."""
    folder = pathlib.Path(folder)
    python, stamp, wanted = folder / "bin" / "python", folder / "packages", "\n".join(PACKAGES)
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)

        def install(packages):
            done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages],
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                print(f"could not install {', '.join(packages)}: {done.stderr.strip()[-500:]}")
            return done.returncode == 0

        if install(PACKAGES):
            stamp.write_text(wanted)
        else:  # what can be had
            for package in PACKAGES:
                install([package])
    return python


def main():
    global ENDPOINT
    vesto, folder = os.path.abspath(sys.argv.pop(1)), os.path.abspath(sys.argv.pop(1))
    if sys.prefix != folder:
        python = environment(folder)
        os.execv(python, [python, __file__, vesto, folder, *sys.argv[1:]])
    ENDPOINT = Endpoint(vesto)
    program = unittest.main(exit=False, verbosity=0)
    result = program.result
    failed = len({str(test) for test, _ in result.failures + result.errors})
    skipped = sorted({(type(test).__name__, reason) for test, reason in result.skipped})
    for client, reason in skipped:
        print(f"skipped {client}: {reason}")
    if len(skipped) > SKIPS_MAX:
        failed += 1
        print(f"more than {SKIPS_MAX} client could not be had")
    if ENDPOINT.stop() != 0:
        failed += 1
        print("the endpoint did not end well")
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
