"""pgJDBC and Amazon's Redshift JDBC driver: java/JdbcClient.java with each."""

import pathlib
import subprocess
import unittest

from endpoint import DATABASE, PASSWORD, USER, port
from packages import PGJDBC, REDSHIFT_JDBC, need, redshift_jdbc

PROGRAM = pathlib.Path(__file__).parent / "java" / "JdbcClient.java"


class PgJdbc(unittest.TestCase):
    def check(self, jar, scheme, parameters=""):
        url = f"jdbc:{scheme}://127.0.0.1:{port()}/{DATABASE}{parameters}"
        try:
            done = subprocess.run(["java", "-cp", jar, PROGRAM, url, USER, PASSWORD], capture_output=True, text=True,
                                  timeout=120, check=False)
        except FileNotFoundError:
            self.skipTest("java is not installed")
        lines = done.stdout.splitlines()
        self.assertEqual(lines[-1:], ["done"], done.stderr)
        for line in lines[:-1]:
            with self.subTest(line.removeprefix("ok ")):
                self.assertTrue(line.startswith("ok "), line)

    def test_driver(self):
        need(PGJDBC.exists(), "libpostgresql-jdbc-java")
        self.check(PGJDBC, "postgresql")


class RedshiftJdbc(PgJdbc):
    def test_driver(self):
        self.check(redshift_jdbc(), "redshift", "?ssl=false")

    def test_driver_that_asks_by_show(self):
        self.check(redshift_jdbc(REDSHIFT_JDBC[1]), "redshift", "?ssl=false")
