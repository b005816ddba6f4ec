"""Tests of the nightly job, against Redshift SQL as it runs in production."""

import csv
from datetime import date
from decimal import Decimal

import pytest
import redshift_connector

import job


def rows(db, sql):
    cursor = db.cursor()
    cursor.execute(sql)
    return [tuple(row) for row in cursor.fetchall()]


def test_a_day_is_loaded_with_the_newest_version_of_each_order(db):
    job.nightly(db, "2024-06-01")
    assert rows(db, "SELECT order_id, status, total FROM sales.orders ORDER BY 1") == [
        (1, "paid", Decimal("100.00")), (2, "paid", Decimal("20.50")), (3, "paid", Decimal("5.25")),
        (4, "paid", Decimal("1000.00")), (5, "cancelled", Decimal("44.00"))]


def test_loading_a_day_twice_changes_nothing(db):
    job.nightly(db, "2024-06-01")
    before = rows(db, "SELECT * FROM sales.orders ORDER BY order_id")
    job.nightly(db, "2024-06-01")
    assert rows(db, "SELECT * FROM sales.orders ORDER BY order_id") == before


def test_revenue_follows_a_late_refund(db):
    job.nightly(db, "2024-06-01")
    revenue = "SELECT city, orders, revenue FROM sales.daily_revenue WHERE day = '2024-06-01' ORDER BY city"
    assert rows(db, revenue) == [("London", 2, Decimal("105.25")), ("New York", 1, Decimal("20.50")),
                                 ("Rotterdam", 1, Decimal("1000.00"))]
    job.nightly(db, "2024-06-02")
    assert rows(db, revenue)[0] == ("London", 1, Decimal("100.00"))
    assert rows(db, "SELECT day, revenue FROM sales.daily_revenue WHERE city = 'New York' ORDER BY 1") == [
        (date(2024, 6, 1), Decimal("20.50")), (date(2024, 6, 2), Decimal("60.00"))]


def test_revenue_is_unloaded_for_the_dashboard(db, endpoint):
    job.nightly(db, "2024-06-01")
    with open(endpoint.warehouse / "daily_revenue_000", newline="") as file:
        lines = list(csv.DictReader(file))
    assert lines[0] == {"day": "2024-06-01", "city": "London", "orders": "2", "revenue": "105.25"}
    assert len(lines) == 3


def test_a_bad_row_is_recorded_and_the_rest_is_loaded(db, tmp_path, endpoint):
    (endpoint.warehouse / "broken.csv").write_text(
        "7,10,paid,1.00,2024-06-03 00:00:00,2024-06-03 00:00:00\n"
        "eight,10,paid,1.00,2024-06-03 00:00:00,2024-06-03 00:00:00\n")
    cursor = db.cursor()
    cursor.execute("COPY sales.orders FROM 's3://warehouse/broken.csv' IAM_ROLE DEFAULT CSV MAXERROR 2")
    assert rows(db, "SELECT COUNT(*) FROM sales.orders") == [(1,)]
    assert rows(db, "SELECT line_number, TRIM(colname), TRIM(raw_field_value) FROM stl_load_errors") == [
        (2, "order_id", "eight")]


def test_a_failed_load_leaves_nothing_behind(db, endpoint):
    with pytest.raises(redshift_connector.ProgrammingError, match="stl_load_errors"):
        (endpoint.warehouse / "broken.csv").write_text("x,10,paid,1.00,2024-06-03,2024-06-03\n")
        db.cursor().execute("COPY sales.orders FROM 's3://warehouse/broken.csv' IAM_ROLE DEFAULT CSV")
    assert rows(db, "SELECT COUNT(*) FROM sales.orders") == [(0,)]


def test_analysts_may_read_and_no_more(db, connect):
    cursor = db.cursor()
    cursor.execute("CREATE USER analyst PASSWORD 'Analyst1234'")
    cursor.execute("GRANT USAGE ON SCHEMA sales TO analyst")
    cursor.execute("GRANT SELECT ON sales.daily_revenue TO analyst")
    job.nightly(db, "2024-06-01")
    analyst = connect("analyst")
    assert rows(analyst, "SELECT COUNT(*) FROM sales.daily_revenue") == [(3,)]
    with pytest.raises(redshift_connector.ProgrammingError, match="permission denied"):
        rows(analyst, "SELECT * FROM sales.orders")


def test_big_joins_stay_on_their_slices(db):
    job.nightly(db, "2024-06-01")
    plan = "\n".join(line for (line,) in rows(
        db, "EXPLAIN SELECT c.city, SUM(o.total) FROM sales.orders o JOIN sales.customers c USING (customer_id) GROUP BY 1"))
    assert "DS_DIST_ALL_NONE" in plan or "DS_DIST_NONE" in plan
