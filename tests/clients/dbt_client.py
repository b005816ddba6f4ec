"""dbt-redshift: dbt_project, from its seeds to its documentation."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from endpoint import DATABASE, PASSWORD, USER, port
from packages import dbt

PROJECT = pathlib.Path(__file__).parent / "dbt_project"


class Dbt(unittest.TestCase):
    def setUp(self):
        self.program = dbt()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.project = pathlib.Path(folder.name) / "shop"
        shutil.copytree(PROJECT, self.project)

    def dbt(self, *arguments):
        variables = {"VESTO_TEST_PORT": str(port()), "VESTO_TEST_USER": USER, "VESTO_TEST_PASSWORD": PASSWORD,
                     "VESTO_TEST_DATABASE": DATABASE, "DBT_PROFILES_DIR": str(self.project)}
        done = subprocess.run([self.program, *arguments], cwd=self.project, env={**os.environ, **variables},
                              capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-5000:] + done.stderr[-1000:])
        return done.stdout

    def rows(self, sql):
        import psycopg2
        connection = psycopg2.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD, dbname=DATABASE)
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()
        finally:
            connection.close()

    def test_project(self):
        # Seeds, snapshot, models and tests, the first time and, with other values, over what is there.
        self.dbt("build")
        self.dbt("build", "--vars", "{factor: 10, third: Hopper}")
        expected = [(1, 10.5), (2, 20), (3, 52.5), (4, 70)]
        for model in ["orders_merged", "orders_replaced"]:
            self.assertEqual(self.rows(f"SELECT id, total::FLOAT FROM shop_dbt.{model} ORDER BY id"), expected, model)
        self.assertEqual(self.rows("SELECT id, COUNT(*), MIN(note) FROM shop_dbt.orders_appended GROUP BY 1 ORDER BY 1"),
                         [(id, 2, "again") for id in range(1, 5)])
        self.assertEqual(self.rows("SELECT id, name, dbt_valid_to IS NULL FROM shop_dbt.customer_history"
                                   " ORDER BY id, dbt_valid_from"),
                         [(1, "Ada", True), (2, "O'Neil", True), (3, "Grace", False), (3, "Hopper", True)])
        self.assertEqual(self.rows("SELECT name, orders FROM shop_dbt.customers ORDER BY id"),
                         [("Ada", 2), ("O'Neil", 1), ("Grace", 1)])

        self.dbt("docs", "generate")
        catalog = json.loads((self.project / "target" / "catalog.json").read_text())
        self.assertIsNone(catalog["errors"])
        orders = catalog["nodes"]["model.shop.orders"]
        self.assertEqual((orders["metadata"]["type"], orders["metadata"]["owner"], orders["metadata"]["comment"]),
                         ("BASE TABLE", USER, "What was bought"))
        self.assertEqual({name: column["type"] for name, column in orders["columns"].items()},
                         {"id": "integer", "customer": "integer", "day": "date", "total": "numeric(12,2)",
                          "status": "character varying(4)"})
        self.assertEqual(orders["columns"]["id"]["comment"], "The order's number")
        self.assertEqual((orders["stats"]["diststyle"]["value"], orders["stats"]["sortkey1"]["value"],
                          orders["stats"]["rows"]["value"]), ("KEY(customer)", "day", 4))
        self.assertEqual(catalog["nodes"]["model.shop.late_orders"]["metadata"]["type"], "LATE BINDING VIEW")
