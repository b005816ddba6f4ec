"""The Python drivers: PEP 249, asyncio, binary results, pipelines."""

import unittest

from endpoint import DATABASE, PASSWORD, TYPES, USER, dbapi_round, expected_types, port


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

    def test_wrong_password(self):
        import redshift_connector
        with self.assertRaises(redshift_connector.Error) as caught:
            self.connect("wrong")
        self.assertIn("password authentication failed", str(caught.exception))
