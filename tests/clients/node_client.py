"""node's `pg`: node/pg_client.js."""

import os
import pathlib
import subprocess
import unittest

from endpoint import DATABASE, PASSWORD, USER, port
from packages import node_modules


class NodePg(unittest.TestCase):
    def test_program(self):
        modules = node_modules() / "node_modules"
        done = subprocess.run(["node", pathlib.Path(__file__).parent / "node" / "pg_client.js"], capture_output=True,
                              text=True, timeout=60, check=False,
                              env={**os.environ, "NODE_PATH": str(modules), "PGHOST": "127.0.0.1", "PGPORT": str(port()),
                                   "PGUSER": USER, "PGPASSWORD": PASSWORD, "PGDATABASE": DATABASE})
        self.assertEqual(done.returncode, 0, done.stderr)
