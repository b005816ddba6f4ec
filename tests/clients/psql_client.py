"""psql 15, with every backslash command that reads a catalog."""

import os
import subprocess
import unittest

from endpoint import DATABASE, PASSWORD, USER, port


def described_by_psql():
    """Every \\d command and \\l, with the S and + that psql 15 takes."""
    names = ("d da dA dAc dAf dAo dAp db dc dC dconfig dd dD ddp dE des det deu dew df dfa dfn dfp dft dfw dF dFd dFp"
             " dFt dg di dl dL dm dn do dO dp dP drds dRp dRs ds dt dT du dv dx dX dy l lo_list z").split()
    without_system = {"dA", "dF", "dP", "l", "lo_list", "z"}
    for name in names:
        for suffix in ["", "S", "+", "S+"]:
            if not ("S" in suffix and name in without_system or "+" in suffix and name == "z"):
                yield f"\\{name}{suffix}"


class Psql(unittest.TestCase):
    def psql(self, *arguments, typed="", **environment):
        try:
            # Without a terminal psql reads passwords from what is typed.
            return subprocess.run(
                ["psql", "-X", "-v", "ON_ERROR_STOP=1", *arguments], capture_output=True, text=True, timeout=120,
                check=False, input=typed, start_new_session=True,
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
        for command in [r"\d shop.orders", r"\d+ shop.orders", r"\dt+ shop.*", r"\dv+ shop.*", r"\dp shop.*",
                        r"\z shop.orders", r"\df+ lpad", r"\da+ sum", r"\dT+ int4", r"\sv shop.recent",
                        r"\sf lpad(text,int)", r"\sf+ getdate", r"\dS+ pg_class", r"\dfS+ pg_*", r"\dconfig+ *",
                        r"\conninfo", *described_by_psql()]:
            done = self.psql("-c", command)
            self.assertNotIn("ERROR", done.stderr, command)
            self.assertNotIn("invalid command", done.stderr, command)
            # \dx+ fails where there are no extensions.
            self.assertTrue(done.returncode == 0 or "Did not find any" in done.stderr, command)
        described = self.psql("-c", r"\d shop.orders").stdout
        for text in ["id", "integer", "not null", "total", "numeric(12,2)", '"orders_pkey"']:
            self.assertIn(text, described)

    def test_what_describes_answer(self):
        def rows(command):
            done = self.psql("-At", "-c", command)
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            return done.stdout.splitlines()
        for empty in [r"\dF", r"\dFd+", r"\dFp", r"\dFt+", r"\des+", r"\det+", r"\deu+", r"\dew+", r"\dl+", r"\dAc+",
                      r"\dAf+", r"\dAo+", r"\dAp+", r"\da", r"\dconfig vesto_none"]:
            self.assertEqual(rows(empty), [], empty)
        self.assertIn("plpgsql|rdsdb|t|f|plpgsql_call_handler()|plpgsql_validator(oid)|-",
                      [row.rsplit("|", 1)[0] for row in rows(r"\dL+")])
        self.assertEqual([row.split("|")[0] for row in rows(r"\dLS")],
                         ["c", "exfunc", "internal", "plpgsql", "plpythonu", "sql"])
        self.assertIn("pg_catalog|sum|bigint|integer", [row.rsplit("|", 1)[0] for row in rows(r"\da sum")])
        self.assertIn("application_name|psql", rows(r"\dconfig"))
        self.assertNotIn("query_group|unset", rows(r"\dconfig"))
        self.assertEqual(rows(r"\sf lpad(text,int)")[0],
                         "CREATE OR REPLACE FUNCTION pg_catalog.lpad(character varying, integer)")
        ambiguous = self.psql("-c", r"\sf lpad")
        self.assertIn('ERROR:  more than one function named "lpad"', ambiguous.stderr)

    def test_password(self):
        self.assertEqual(self.psql("-c", "CREATE USER eve PASSWORD 'Before-12'").stderr, "")
        changed = self.psql("-c", r"\password eve", typed="After it 12\nAfter it 12\n")
        self.assertEqual(changed.returncode, 0, changed.stderr)
        self.assertNotIn("ERROR", changed.stderr)
        done = self.psql("-At", "-c", "SELECT current_user", PGUSER="eve", PGPASSWORD="After it 12")
        self.assertEqual((done.stdout, done.stderr), ("eve\n", ""))
        done = self.psql("-c", "SELECT 1", PGUSER="eve", PGPASSWORD="Before-12")
        self.assertIn('password authentication failed for user "eve"', done.stderr)
