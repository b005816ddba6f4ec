"""The Python drivers: PEP 249, asyncio, binary results, pipelines."""

import datetime
import decimal
import unittest

from endpoint import BYTES, DATABASE, PASSWORD, TYPES, USER, bytes_round, dbapi_round, expected_types, port


class Psycopg2(unittest.TestCase):
    def connect(self):
        try:
            import psycopg2
        except ImportError:
            self.skipTest("psycopg2 is not installed")
        return psycopg2.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD, dbname=DATABASE)

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

    def test_bytes(self):
        import psycopg2
        connection = self.connect()
        bytes_round(self, connection, psycopg2.Binary(BYTES))
        connection.close()

    def test_lists(self):
        connection = self.connect()
        cursor = connection.cursor()
        cursor.execute("CREATE TEMP TABLE numbers AS SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'")
        cursor.execute("SELECT a FROM numbers WHERE a = ANY(%s) AND b <> ALL(%s)", ([2, 3], ["x", "z"]))
        self.assertEqual(cursor.fetchall(), [(2,)])
        cursor.execute("SELECT a FROM numbers WHERE a = ANY(%s)", ([],))
        self.assertEqual(cursor.fetchall(), [])
        connection.close()


class Psycopg3(unittest.TestCase):
    def connect(self):
        try:
            import psycopg
        except ImportError:
            self.skipTest("psycopg is not installed")
        return psycopg.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD, dbname=DATABASE)

    def test_dbapi(self):
        with self.connect() as connection:
            dbapi_round(self, connection)

    def test_binary_results(self):
        with self.connect() as connection:
            cursor = connection.cursor(binary=True)
            cursor.execute(TYPES)
            self.assertEqual(list(cursor.fetchall()[0]), expected_types())

    def test_timedelta(self):
        day = datetime.timedelta(days=1, seconds=-1, microseconds=500000)
        with self.connect() as connection:
            for form in ["%s", "%t", "%b"]:
                row = connection.execute(f"SELECT '2024-02-28'::TIMESTAMP + {form}, {form}::VARCHAR", (day, day)).fetchone()
                self.assertEqual(row, (datetime.datetime(2024, 2, 28, 23, 59, 59, 500000),
                                       "0 days 23 hours 59 mins 59.5 secs"), form)

    def test_named_cursor(self):
        with self.connect() as connection:
            for binary in [False, True]:
                # Redshift folds the names of cursors.
                with connection.cursor("Numbers", binary=binary) as cursor:
                    cursor.execute("SELECT a, a::VARCHAR FROM generate_series(1, %s) AS s(a)", (250,))
                    self.assertEqual([column.name for column in cursor.description], ["a", "a"])
                    self.assertEqual(cursor.fetchone(), (1, "1"))
                    self.assertEqual(cursor.fetchmany(2), [(2, "2"), (3, "3")])
                    self.assertEqual(len(list(cursor)), 247)
            self.assertEqual(connection.execute("SELECT 1").fetchone(), (1,))

    def test_bytes_in_the_text(self):
        import psycopg
        with self.connect() as connection:
            connection.cursor_factory = psycopg.ClientCursor
            bytes_round(self, connection, BYTES)

    def test_lists(self):
        with self.connect() as connection:
            connection.execute("CREATE TEMP TABLE numbers (a INTEGER, big BIGINT, b VARCHAR(10), d DECIMAL(8,2))")
            connection.execute("INSERT INTO numbers VALUES (1, 5000000000, 'x', 1.5), (2, 2, 'y,\"{', 2), (NULL, NULL, NULL, NULL)")
            for binary in (False, True):
                mark = "%b" if binary else "%t"
                for condition, value, wanted in [
                        ("a = ANY({})", [2, 3], [2]), ("a = ANY({})", [70000, 1], [1]), ("big = ANY({})", [5000000000], [1]),
                        ("b = ANY({})", ['y,"{', "z"], [2]), ("a = ANY({})", [], []), ("b <> ALL({})", ["x"], [2]),
                        ("a <> ALL({})", [1, None], [])]:
                    with self.subTest(condition=condition, value=value, binary=binary):
                        rows = connection.execute("SELECT a FROM numbers WHERE " + condition.format(mark), [value]).fetchall()
                        self.assertEqual([row[0] for row in rows], wanted)

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
        connection = await asyncpg.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD,
                                           database=DATABASE)
        self.assertEqual(list((await connection.fetch(TYPES))[0]), expected_types())
        row = await connection.fetchrow("SELECT $1::INT + 1, $2::VARCHAR", 41, "hi")
        self.assertEqual(tuple(row), (42, "hi"))
        async with connection.transaction():
            await connection.execute("CREATE TEMP TABLE numbers (a INT)")
            await connection.executemany("INSERT INTO numbers VALUES ($1)", [(i,) for i in range(10)])
            rows = [row["a"] async for row in connection.cursor("SELECT a FROM numbers ORDER BY a", prefetch=3)]
        self.assertEqual(rows, list(range(10)))
        await connection.execute("CREATE TEMP TABLE many (a INT, big BIGINT, b VARCHAR(10), day DATE, x FLOAT, d DECIMAL(8,2))")
        await connection.execute("INSERT INTO many VALUES (1, 10000000000, 'one', '2024-01-01', 0.1, 1.5), (2, 2, 'two', NULL, NULL, 2)")
        for condition, value, wanted in [
                ("a = ANY($1)", [2, 3], [2]), ("big = ANY($1)", [10000000000], [1]), ("b = ANY($1)", ["two", None], [2]),
                ("day = ANY($1::DATE[])", [datetime.date(2024, 1, 1)], [1]), ("x = ANY($1)", [0.1], [1]),
                ("d = ANY($1)", [decimal.Decimal("1.50")], [1]), ("a = ANY($1::BIGINT[])", [1, 10000000000], [1]),
                ("a <> ALL($1)", [], [1, 2]), ("b <> ALL($1::TEXT[])", ["one"], [2])]:
            with self.subTest(condition=condition):
                found = await connection.fetch(f"SELECT a FROM many WHERE {condition} ORDER BY a", value)
                self.assertEqual([row["a"] for row in found], wanted)
        with self.assertRaises(asyncpg.exceptions.DivisionByZeroError):
            await connection.fetch("SELECT 1/0")
        await connection.close()


    async def test_types_of_redshift(self):
        try:
            import asyncpg
        except ImportError:
            self.skipTest("asyncpg is not installed")
        connection = await asyncpg.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD, database=DATABASE)
        # A type outside its own list makes it read pg_type recursively; below OID 9999 it then wants a
        # codec from its user.
        for value, name in [("INTERVAL '1-2' YEAR TO MONTH", "intervaly2m"),
                            ("INTERVAL '2 3:04:05' DAY TO SECOND", "intervald2s"), ("'[1,2]'::SUPER", "super"),
                            ("'abc'::VARBYTE", "varbyte")]:
            with self.assertRaisesRegex(asyncpg.exceptions.UnsupportedClientFeatureError, name):
                await connection.fetchval(f"SELECT {value}")
            await connection.set_type_codec(name, schema="pg_catalog", encoder=str, decoder=str, format="text")
        row = await connection.fetchrow("SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL '2 3:04:05' DAY TO SECOND,"
                                        " '[1,2]'::SUPER, 'abc'::VARBYTE, 7")
        self.assertEqual(tuple(row), ("1 years 2 mons", "2 days 3 hours 4 mins 5.0 secs", '"[1,2]"', "616263", 7))
        await connection.close()


class Pg8000(unittest.TestCase):
    def test_dbapi(self):
        try:
            import pg8000.dbapi
        except ImportError:
            self.skipTest("pg8000 is not installed")
        connection = pg8000.dbapi.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD,
                                          database=DATABASE)
        dbapi_round(self, connection)
        connection.close()


class RedshiftConnector(unittest.TestCase):
    def connect(self, password=PASSWORD):
        try:
            import redshift_connector
        except ImportError:
            self.skipTest("redshift_connector is not installed")
        return redshift_connector.connect(host="127.0.0.1", port=port(), user=USER, password=password,
                                          database=DATABASE, ssl=False)

    def test_dbapi(self):
        connection = self.connect()
        dbapi_round(self, connection)
        connection.close()

    def test_columns_come_in_their_order(self):
        connection = self.connect()
        connection.autocommit = True
        cursor = connection.cursor()
        names = [f"c{i * 7 % 40:02}" for i in range(40)]
        cursor.execute("CREATE SCHEMA wide")
        for table in ("b_table", "a_table"):
            cursor.execute(f"CREATE TABLE wide.{table} ({', '.join(name + ' INTEGER' for name in names)})")
        cursor.execute("CREATE VIEW wide.late AS SELECT c39, c00 FROM wide.a_table WITH NO SCHEMA BINDING")
        columns = cursor.get_columns(schema_pattern="wide")
        self.assertEqual([(row[2], row[3]) for row in columns],
                         [(table, name) for table in ("a_table", "b_table") for name in names] +
                         [("late", "c39"), ("late", "c00")])
        cursor.execute("DROP SCHEMA wide CASCADE")
        connection.close()

    def test_wrong_password(self):
        import redshift_connector
        with self.assertRaises(redshift_connector.Error) as caught:
            self.connect("wrong")
        self.assertIn("password authentication failed", str(caught.exception))

    # The driver's calls for metadata, which go by SHOW. The names of schema and tables are this test's.
    def test_metadata(self):
        connection = self.connect()
        cursor = connection.cursor()
        for statement in ("CREATE SCHEMA shown",
                          "CREATE TABLE shown.parts (a INT, b INT, note VARCHAR(20) DEFAULT 'x', price DECIMAL(10,2), "
                          "PRIMARY KEY (b, a))",
                          "CREATE TABLE shown.orders (x INT, y INT, FOREIGN KEY (x, y) REFERENCES shown.parts (b, a))",
                          "CREATE VIEW shown.cheap AS SELECT a FROM shown.parts",
                          "GRANT SELECT ON shown.parts TO PUBLIC", "GRANT UPDATE (note) ON shown.parts TO PUBLIC"):
            cursor.execute(statement)
        self.assertEqual(cursor.get_show_discovery_version(), 4)

        def rows(answer, *columns):
            return [tuple(row[column] for column in columns) for row in answer]

        self.assertIn([DATABASE], [list(row) for row in cursor.get_catalogs()])
        self.assertEqual(rows(cursor.get_schemas(DATABASE, "show%"), 0), [("shown",)])
        self.assertEqual(rows(cursor.get_tables(DATABASE, "shown", None), 2, 3),
                         [("cheap", "VIEW"), ("orders", "TABLE"), ("parts", "TABLE")])
        self.assertEqual(rows(cursor.get_tables(DATABASE, "shown", None, ["VIEW"]), 2), [("cheap",)])
        self.assertEqual(rows(cursor.get_columns(DATABASE, "shown", "parts"), 3, 5, 6, 8, 12, 17),
                         [("a", "int4", 10, 0, None, "NO"), ("b", "int4", 10, 0, None, "NO"),
                          ("note", "varchar", 20, 0, "'x'::character varying", "YES"),
                          ("price", "numeric", 10, 2, None, "YES")])
        self.assertEqual(rows(cursor.get_columns(DATABASE, "shown", "%", "a"), 2), [("cheap",), ("parts",)])
        self.assertEqual(rows(cursor.get_primary_keys(DATABASE, "shown", None), 2, 3, 4, 5),
                         [("parts", "b", 1, "parts_pkey"), ("parts", "a", 2, "parts_pkey")])
        keys = [("parts", "b", "orders", "x", 1, "orders_x_fkey", "parts_pkey"),
                ("parts", "a", "orders", "y", 2, "orders_x_fkey", "parts_pkey")]
        self.assertEqual(rows(cursor.get_imported_keys(DATABASE, "shown", "orders"), 2, 3, 6, 7, 8, 11, 12), keys)
        self.assertEqual(rows(cursor.get_exported_keys(DATABASE, "shown", "parts"), 2, 3, 6, 7, 8, 11, 12), keys)
        self.assertEqual(rows(cursor.get_best_row_identifier(DATABASE, "shown", "parts", 1, True), 1), [("b",), ("a",)])
        self.assertEqual(rows(cursor.get_table_privileges(DATABASE, "shown"), 2, 3, 4, 5, 6),
                         [("parts", USER, "public", "SELECT", "NO")])
        self.assertEqual(rows(cursor.get_column_privileges(DATABASE, "shown", "parts"), 3, 4, 5, 6, 7),
                         [("note", USER, "public", "UPDATE", "NO")])
        self.assertEqual(len(cursor.get_procedures(DATABASE)), 0)
        self.assertEqual(len(cursor.get_procedure_columns(DATABASE)), 0)
        self.assertEqual(rows(cursor.get_functions(DATABASE, "pg_catalog", "initcap"), 2, 5),
                         [("initcap", "initcap(character varying)")])
        self.assertEqual(rows(cursor.get_function_columns(DATABASE, "pg_catalog", "initcap"), 4, 6, 14),
                         [(4, "varchar", 0), (1, "varchar", 1)])
        # Every function there is: the driver refuses types that it does not know.
        self.assertGreater(len(cursor.get_function_columns(DATABASE)), 1000)
        connection.close()
