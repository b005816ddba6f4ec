"""What README.md and examples/ tell users to run."""

import os
import pathlib
import subprocess
import sys
import unittest

import endpoint
from packages import need, redshift_jdbc

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


class Documented(unittest.TestCase):
    """The three blocks of README.md's "Connect"; tests/tools/readme.py checks that they are these files."""

    @classmethod
    def setUpClass(cls):
        cls.server = endpoint.Endpoint(endpoint.RUNNING.vesto, "--auth", "trust")
        cls.addClassCleanup(cls.server.stop)

    def check(self, *command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False,
                                  env={**os.environ, "PGPORT": str(self.server.port)})
        except FileNotFoundError as error:
            self.skipTest(f"{error.filename} is not installed")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("PostgreSQL 8.0.2", done.stdout)

    def test_psql(self):
        self.check("sh", EXAMPLES / "connect" / "psql.sh")

    def test_python(self):
        self.check(sys.executable, EXAMPLES / "connect" / "connect.py")

    def test_jdbc(self):
        self.check("java", "-cp", redshift_jdbc(), EXAMPLES / "connect" / "Connect.java")


class EtlExample(unittest.TestCase):
    def test_suite(self):
        try:
            import pytest  # noqa: F401
        except ImportError:
            need(False, "pytest")
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", EXAMPLES / "etl"],
                              capture_output=True, text=True, timeout=300, check=False,
                              env={**os.environ, "VESTO": endpoint.RUNNING.vesto})
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("8 passed", done.stdout)
