"""SQLAlchemy with sqlalchemy-redshift over both of its drivers: reflection and the ORM; pandas on top."""

import datetime
import unittest
from decimal import Decimal

from endpoint import DATABASE, PASSWORD, USER, port

SHOP = ["DROP SCHEMA IF EXISTS shelf CASCADE",
        "CREATE SCHEMA shelf",
        "CREATE TABLE shelf.customers (id INT NOT NULL PRIMARY KEY, name VARCHAR(40) DEFAULT 'nobody' ENCODE zstd,"
        " email VARCHAR(80) UNIQUE)",
        "CREATE TABLE shelf.orders (id BIGINT NOT NULL, customer INT NOT NULL REFERENCES shelf.customers (id), day DATE,"
        " total DECIMAL(12,2), PRIMARY KEY (id)) DISTKEY (customer) COMPOUND SORTKEY (day, id)",
        "CREATE VIEW shelf.recent AS SELECT id, day FROM shelf.orders WHERE day > '2024-01-01'",
        "CREATE VIEW shelf.late AS SELECT id, total FROM shelf.orders WITH NO SCHEMA BINDING",
        "COMMENT ON TABLE shelf.orders IS 'what was bought'"]


class SqlAlchemy(unittest.TestCase):
    driver, options = "redshift+psycopg2", {"sslmode": "prefer"}

    def setUp(self):
        try:
            import sqlalchemy
            import sqlalchemy_redshift  # noqa: F401
        except ImportError:
            self.skipTest("sqlalchemy-redshift is not installed")
        url = sqlalchemy.URL.create(self.driver, USER, PASSWORD, "127.0.0.1", port(), DATABASE)
        self.engine = sqlalchemy.create_engine(url, connect_args=self.options)
        self.addCleanup(self.engine.dispose)

    def test_reflection(self):
        import sqlalchemy
        with self.engine.begin() as connection:
            for sql in SHOP:
                connection.execute(sqlalchemy.text(sql))
        found = sqlalchemy.inspect(self.engine)
        self.assertIn("shelf", found.get_schema_names())
        self.assertEqual(sorted(found.get_table_names("shelf")), ["customers", "orders"])
        self.assertEqual(sorted(found.get_view_names("shelf")), ["late", "recent"])
        self.assertTrue(found.has_table("orders", "shelf"))
        self.assertFalse(found.has_table("order", "shelf"))
        self.assertIn("WHERE day > '2024-01-01'", found.get_view_definition("recent", "shelf"))
        columns = found.get_columns("orders", "shelf")
        self.assertEqual([(c["name"], str(c["type"]), c["nullable"]) for c in columns],
                         [("id", "BIGINT", False), ("customer", "INTEGER", False), ("day", "DATE", True),
                          ("total", "NUMERIC(12, 2)", True)])
        name = found.get_columns("customers", "shelf")[1]
        self.assertEqual((str(name["type"]), name["default"], name["info"]),
                         ("VARCHAR(40)", "'nobody'::character varying", {"encode": "zstd"}))
        self.assertEqual([c["name"] for c in found.get_columns("late", "shelf")], ["id", "total"])
        self.assertEqual(found.get_pk_constraint("orders", "shelf"),
                         {"constrained_columns": ["id"], "name": "orders_pkey"})
        key = found.get_foreign_keys("orders", "shelf")[0]
        self.assertEqual((key["constrained_columns"], key["referred_schema"], key["referred_table"],
                          key["referred_columns"]), (["customer"], "shelf", "customers", ["id"]))
        self.assertEqual(found.get_unique_constraints("customers", "shelf"),
                         [{"name": "customers_email_key", "column_names": ["email"]}])
        self.assertEqual(found.get_table_comment("orders", "shelf"), {"text": "what was bought"})
        design = found.get_table_options("orders", "shelf")
        self.assertEqual((design["redshift_diststyle"], design["redshift_distkey"], design["redshift_sortkey"]),
                         ("KEY", "customer", ("day", "id")))
        metadata = sqlalchemy.MetaData()
        metadata.reflect(self.engine, schema="shelf", views=True)
        orders = metadata.tables["shelf.orders"]
        self.assertEqual([key.target_fullname for key in orders.c.customer.foreign_keys], ["shelf.customers.id"])

    def test_orm(self):
        import sqlalchemy as sa
        from sqlalchemy import orm
        base = orm.declarative_base()

        class Author(base):
            __tablename__ = "authors"
            __table_args__ = {"redshift_diststyle": "KEY", "redshift_distkey": "id", "redshift_sortkey": ["name"]}
            id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
            name = sa.Column(sa.String(40))
            born = sa.Column(sa.Date)
            books = orm.relationship("Book", back_populates="author", order_by="Book.id")

        class Book(base):
            __tablename__ = "books"
            id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
            title = sa.Column(sa.String(80))
            price = sa.Column(sa.Numeric(8, 2))
            author_id = sa.Column(sa.ForeignKey("authors.id"))
            author = orm.relationship("Author", back_populates="books")

        base.metadata.drop_all(self.engine)
        base.metadata.create_all(self.engine)
        with orm.Session(self.engine) as session:
            session.add(Author(id=1, name="Ursula", born=datetime.date(1929, 10, 21),
                               books=[Book(id=1, title="The Dispossessed", price=Decimal("9.50")),
                                      Book(id=2, title="O'Neil \\ sons", price=7)]))
            session.commit()
        with orm.Session(self.engine) as session:
            query = sa.select(Author).options(orm.selectinload(Author.books)).where(Author.name.like("U%"))
            author = session.scalars(query).one()
            self.assertEqual(author.born, datetime.date(1929, 10, 21))
            self.assertEqual([(book.title, book.price) for book in author.books],
                             [("The Dispossessed", Decimal("9.50")), ("O'Neil \\ sons", Decimal("7.00"))])
            author.name = "Le Guin"
            session.delete(author.books[1])
            session.commit()
            totals = sa.select(Author.name, sa.func.sum(Book.price)).join(Book).group_by(Author.name)
            self.assertEqual(session.execute(totals).all(), [("Le Guin", Decimal("9.50"))])
            session.add(Book(id=3, title="lost"))
            session.flush()
            session.rollback()
            self.assertEqual(session.scalar(sa.select(sa.func.count()).select_from(Book)), 1)

    def test_pandas(self):
        import pandas
        import sqlalchemy
        frame = pandas.DataFrame({"id": [1, 2, 3], "name": ["Ada", None, "O'Neil"], "x": [1.5, 2.5, None],
                                  "at": pandas.to_datetime(["2024-01-01 09:00", "2024-02-29 10:30", "2024-03-01 11:00"]),
                                  "ok": [True, False, True]})
        self.assertEqual(frame.to_sql("frames", self.engine, if_exists="replace", index=False), 3)
        frame.to_sql("frames", self.engine, if_exists="append", index=False, method="multi")
        read = pandas.read_sql(sqlalchemy.text("SELECT DISTINCT * FROM frames WHERE id < :n ORDER BY id"), self.engine,
                               params={"n": 3})
        self.assertEqual(read["name"].isna().tolist(), [False, True])
        self.assertEqual(read["at"].tolist(), frame["at"].tolist()[:2])
        self.assertEqual(read["x"].tolist(), [1.5, 2.5])
        self.assertEqual(read["ok"].tolist(), [True, False])
        self.assertEqual(len(pandas.read_sql_table("frames", self.engine)), 6)


class SqlAlchemyOnRedshiftConnector(SqlAlchemy):
    driver, options = "redshift+redshift_connector", {"ssl": False}
