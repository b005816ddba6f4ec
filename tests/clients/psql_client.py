"""psql 15, with every backslash command that reads a catalog."""

import os
import subprocess
import unittest

from endpoint import DATABASE, PASSWORD, USER, port


class Psql(unittest.TestCase):
    def psql(self, *arguments, **environment):
        try:
            return subprocess.run(
                ["psql", "-X", "-v", "ON_ERROR_STOP=1", *arguments], capture_output=True, text=True, timeout=120,
                check=False,
                env={**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(port()), "PGUSER": USER,
                     "PGDATABASE": DATABASE, "PGPASSWORD": PASSWORD, "LC_ALL": "C.UTF-8", **environment})
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
                        r"\ddp", r"\drds", r"\db", r"\dx", r"\conninfo", r"\d+", r"\l+", r"\du+", r"\dg+", r"\df+",
                        r"\df+ lpad", r"\da+ sum", r"\dp", r"\db+", r"\dT+", r"\dT+ int4", r"\dD+", r"\do+", r"\dC+",
                        r"\dc+", r"\dO+", r"\dm+", r"\ds+", r"\dE+", r"\di+", r"\dv+ shop.*", r"\sv shop.recent",
                        r"\dS+ pg_class", r"\dnS+", r"\dfS+ pg_*", r"\dconfig+ *"]:
            done = self.psql("-c", command)
            self.assertEqual(done.returncode, 0, command)
            self.assertNotIn("ERROR", done.stderr, command)
        described = self.psql("-c", r"\d shop.orders").stdout
        for text in ["id", "integer", "not null", "total", "numeric(12,2)", '"orders_pkey"']:
            self.assertIn(text, described)
