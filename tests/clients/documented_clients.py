"""What README.md and examples/ tell users to run."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
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


class DocumentedTls(unittest.TestCase):
    """A certificate that clients can check, as README.md makes it, and Amazon's clients with their own defaults."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "password").write_text(endpoint.PASSWORD + "\n")
        path = os.pathsep.join([os.path.dirname(endpoint.RUNNING.vesto), os.environ["PATH"]])
        cls.server = subprocess.Popen(["sh", EXAMPLES / "connect" / "tls.sh"], cwd=cls.folder, text=True,
                                      env={**os.environ, "PATH": path, "PGPORT": "0"}, start_new_session=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(lambda: (os.killpg(cls.server.pid, signal.SIGTERM), cls.server.communicate(timeout=30)))
        cls.port = cls.server.stdout.readline().rsplit(":", 1)[1].split("/")[0]

    def run_client(self, *command, **variables):
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, "PGPASSWORD": endpoint.PASSWORD, **variables})

    def test_psql(self):
        try:
            done = self.run_client("psql", f"host=127.0.0.1 port={self.port} user=awsuser dbname=dev sslmode=verify-full",
                                   "-c", "SELECT 'over TLS'", PGSSLROOTCERT="cert.pem")
        except FileNotFoundError:
            self.skipTest("psql is not installed")
        self.assertIn("over TLS", done.stdout, done.stderr)

    def test_redshift_connector(self):
        program = f"""
import redshift_connector
connection = redshift_connector.connect(host="127.0.0.1", port={self.port}, database="dev", user="awsuser",
                                        password="{endpoint.PASSWORD}")
print(connection.cursor().execute("SELECT 'over TLS'").fetchone()[0])"""
        done = self.run_client(sys.executable, "-c", program, SSL_CERT_FILE="cert.pem")
        self.assertIn("over TLS", done.stdout, done.stderr)
        # Without it the driver refuses to go on.
        self.assertIn("certificate verify failed", self.run_client(sys.executable, "-c", program).stderr)

    def test_redshift_jdbc(self):
        (self.folder / "Tls.java").write_text("""
            import java.sql.*;
            public class Tls {
              public static void main(String[] arguments) throws SQLException {
                try (Connection connection = DriverManager.getConnection(arguments[0], "awsuser", arguments[1]);
                    ResultSet rows = connection.createStatement().executeQuery("SELECT 'over TLS'")) {
                  while (rows.next()) System.out.println(rows.getString(1));
                }
              }
            }""")
        url = f"jdbc:redshift://127.0.0.1:{self.port}/dev?sslrootcert=cert.pem"
        try:
            done = self.run_client("java", "-cp", redshift_jdbc(), "Tls.java", url, endpoint.PASSWORD)
        except FileNotFoundError:
            self.skipTest("java is not installed")
        self.assertIn("over TLS", done.stdout, done.stderr)


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
