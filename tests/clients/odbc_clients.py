"""psqlodbc: through pyodbc and through unixODBC's isql."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from endpoint import DATABASE, PASSWORD, TYPES, USER, expected_types, port
from packages import PSQLODBC, need

# The driver's own ways inside a transaction need savepoints, which Redshift does not have: it sets one
# before each statement unless an error ends the transaction (7.4-1), and one before it drops a statement
# that the server prepared.
SETTINGS = {"Driver": PSQLODBC, "Servername": "127.0.0.1", "Database": DATABASE, "Username": USER, "Password": PASSWORD,
            "Protocol": "7.4-1", "UseServerSidePrepare": "0"}


class Pyodbc(unittest.TestCase):
    def setUp(self):
        self.connection = self.connect()
        self.cursor = self.connection.cursor()

    def connect(self, autocommit=False, **more):
        need(PSQLODBC.exists(), "odbc-postgresql")
        try:
            import pyodbc
        except ImportError:
            self.skipTest("pyodbc is not installed")
        settings = {**SETTINGS, "Port": port(), **more}
        connection = pyodbc.connect(";".join(f"{name}={value}" for name, value in settings.items()),
                                    autocommit=autocommit)
        self.addCleanup(connection.close)
        return connection

    def test_statements_that_the_server_prepares(self):
        cursor = self.connect(autocommit=True, UseServerSidePrepare="1").cursor()
        cursor.execute("CREATE TEMP TABLE prepared (id INTEGER, name VARCHAR(40))")
        for i in range(10):  # each drops its statement by DEALLOCATE and may name the next one the same
            cursor.execute("INSERT INTO prepared VALUES (?, ?)", i, f"O'Neil \\ {i}")
            found = cursor.execute("SELECT name FROM prepared WHERE id = ?", i).fetchall()
            self.assertEqual([tuple(row) for row in found], [(f"O'Neil \\ {i}",)])

    def test_types(self):
        row = list(self.cursor.execute(TYPES).fetchone())
        expected = expected_types()
        expected[6] = "1"  # as the driver shows booleans unless told otherwise
        expected[11] = expected[11].replace(tzinfo=None)  # ODBC has no zones
        self.assertEqual(row, expected)

    def test_parameters_and_transactions(self):
        self.cursor.execute("CREATE TEMP TABLE staff (id INTEGER, name VARCHAR(40), pay DECIMAL(8,2))")
        self.connection.commit()
        self.cursor.executemany("INSERT INTO staff VALUES (?, ?, ?)",
                                [(1, "Ada", 1.5), (2, "O'Neil", None), (3, None, 2)])
        self.connection.commit()
        found = self.cursor.execute("SELECT id, name FROM staff WHERE id >= ? ORDER BY id", 2).fetchall()
        self.assertEqual([tuple(row) for row in found], [(2, "O'Neil"), (3, None)])
        self.cursor.execute("DELETE FROM staff")
        self.connection.rollback()
        self.assertEqual(self.cursor.execute("SELECT COUNT(*) FROM staff").fetchval(), 3)

    def test_errors(self):
        import pyodbc
        with self.assertRaises(pyodbc.DataError) as caught:
            self.cursor.execute("SELECT 1/0").fetchall()
        self.assertEqual(caught.exception.args[0], "22012")
        self.connection.rollback()
        self.assertEqual(self.cursor.execute("SELECT 1").fetchval(), 1)

    def test_catalog(self):
        for sql in ["DROP SCHEMA IF EXISTS odbc CASCADE", "CREATE SCHEMA odbc",
                    "CREATE TABLE odbc.parts (id INT NOT NULL PRIMARY KEY, name VARCHAR(40), price DECIMAL(8,2))",
                    "CREATE TABLE odbc.stock (part INT REFERENCES odbc.parts (id), amount BIGINT)",
                    "CREATE VIEW odbc.cheap AS SELECT name FROM odbc.parts WHERE price < 1"]:
            self.cursor.execute(sql)
        self.connection.commit()

        def column(rows, *names):
            return sorted(tuple(getattr(row, name) for name in names) for row in rows.fetchall())

        self.assertEqual(column(self.cursor.tables(schema="odbc"), "table_name", "table_type"),
                         [("cheap", "VIEW"), ("parts", "TABLE"), ("stock", "TABLE")])
        self.assertEqual(column(self.cursor.columns(schema="odbc", table="parts"), "ordinal_position", "column_name",
                                "type_name", "column_size", "nullable"),
                         [(1, "id", "int4", 10, 0), (2, "name", "varchar", 40, 1), (3, "price", "numeric", 8, 1)])
        self.assertEqual(column(self.cursor.primaryKeys(schema="odbc", table="parts"), "column_name", "pk_name"),
                         [("id", "parts_pkey")])
        # Servers of this version keep foreign keys as triggers, as the driver believes: it finds none.
        self.assertEqual(self.cursor.foreignKeys(schema="odbc", table="parts").fetchall(), [])
        self.assertIn("parts_pkey", [row.index_name for row in self.cursor.statistics(schema="odbc", table="parts")])
        self.assertEqual(len(self.cursor.rowIdColumns(schema="odbc", table="parts").fetchall()), 0)
        self.assertIn("int8", [row.type_name for row in self.cursor.getTypeInfo()])
        self.assertIn("lpad", [row.procedure_name for row in self.cursor.procedures()])
        self.cursor.procedureColumns(procedure="lpad").fetchall()


class Isql(unittest.TestCase):
    def test_statements(self):
        need(PSQLODBC.exists(), "odbc-postgresql")
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "odbc.ini")
            source.write_text("[vesto]\n" + "\n".join(f"{k}={v}" for k, v in {**SETTINGS, "Port": port()}.items()) + "\n")
            try:
                done = subprocess.run(["isql", "-b", "-d|", "vesto"], capture_output=True, text=True, timeout=60, check=False,
                                      input="SELECT 1.25::DECIMAL(8,2), 'Ada'\nSHOW search_path\n",
                                      env={**os.environ, "ODBCINI": str(source)})
            except FileNotFoundError:
                self.skipTest("isql is not installed")
        self.assertEqual((done.returncode, done.stdout.splitlines()), (0, ["1.25|Ada", '$user, public']), done.stderr)
