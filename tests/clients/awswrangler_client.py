"""awswrangler: what of its Redshift module needs no AWS account."""

import datetime
import unittest
import warnings

from endpoint import DATABASE, PASSWORD, USER, port


class AwsWrangler(unittest.TestCase):
    def setUp(self):
        try:
            warnings.simplefilter("ignore")
            import awswrangler
            import redshift_connector
        except ImportError:
            self.skipTest("awswrangler is not installed")
        self.redshift = awswrangler.redshift
        self.connection = redshift_connector.connect(host="127.0.0.1", port=port(), user=USER, password=PASSWORD,
                                                     database=DATABASE, ssl=False)
        self.addCleanup(self.connection.close)
        cursor = self.connection.cursor()
        cursor.execute("DROP SCHEMA IF EXISTS wrangler CASCADE")
        cursor.execute("CREATE SCHEMA wrangler")
        self.connection.commit()

    def write(self, frame, mode, **options):
        self.redshift.to_sql(frame, con=self.connection, schema="wrangler", table="people", mode=mode, **options)

    def read(self, sql, **options):
        return self.redshift.read_sql_query(sql, con=self.connection, **options)

    def test_frames(self):
        import pandas
        people = pandas.DataFrame({"id": [1, 2, 3], "name": ["Ada", None, "O'Neil \\ sons"], "total": [1.5, None, 3.0],
                                   "day": [datetime.date(2024, 1, 1), datetime.date(2024, 2, 29), None]})
        self.write(people, "overwrite", primary_keys=["id"], diststyle="KEY", distkey="id", sortstyle="COMPOUND",
                   sortkey=["id"])
        read = self.read("SELECT * FROM wrangler.people ORDER BY id")
        self.assertEqual(read["name"].dropna().tolist(), ["Ada", "O'Neil \\ sons"])
        self.assertEqual(read["day"].tolist(), people["day"].tolist())
        self.assertEqual(read["total"].dropna().tolist(), [1.5, 3.0])

        changed = pandas.DataFrame({"id": [2, 4], "name": ["Barbara", "Lin"], "total": [2.0, 4.0],
                                    "day": [None, datetime.date(2024, 5, 5)]})
        self.write(changed, "upsert", primary_keys=["id"])
        self.assertEqual(self.read("SELECT name FROM wrangler.people WHERE id = %s", params=[2])["name"].tolist(),
                         ["Barbara"])
        self.write(people, "append", use_column_names=True)
        chunks = self.read("SELECT * FROM wrangler.people", chunksize=5)
        self.assertEqual([len(chunk) for chunk in chunks], [5, 2])
        for method in ["truncate", "delete", "drop", "cascade"]:
            self.write(people, "overwrite", overwrite_method=method, lock=True)
            self.assertEqual(len(self.redshift.read_sql_table("people", con=self.connection, schema="wrangler")), 3, method)
