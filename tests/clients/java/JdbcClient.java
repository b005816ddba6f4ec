import java.math.BigDecimal;
import java.sql.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;

// What programs do through a JDBC driver, against the endpoint at URL. Prints one line per check, "ok
// NAME" or "FAILED NAME: why", and a last line "done". Usage: JdbcClient URL USER PASSWORD
public class JdbcClient {
  interface Check {
    void run(Connection connection) throws Exception;
  }

  interface Catalog {
    ResultSet ask(DatabaseMetaData metadata) throws SQLException;
  }

  static String url;
  static final Properties login = new Properties();

  public static void main(String[] arguments) throws Exception {
    url = arguments[0];
    login.setProperty("user", arguments[1]);
    login.setProperty("password", arguments[2]);
    try (Connection connection = DriverManager.getConnection(url, login)) {
      check("types", JdbcClient::types, connection);
      check("prepared statements", JdbcClient::prepared, connection);
      check("batches", JdbcClient::batches, connection);
      check("fetch size", JdbcClient::fetchSize, connection);
      check("transactions", JdbcClient::transactions, connection);
      check("errors", JdbcClient::errors, connection);
      check("cancel", JdbcClient::cancel, connection);
      check("statements without a plan", JdbcClient::commands, connection);
      check("setup of metadata", JdbcClient::metadataSetup, connection);
      metadata(connection);
    }
    System.out.println("done");
  }

  static void check(String name, Check check, Connection connection) {
    try {
      check.run(connection);
      System.out.println("ok " + name);
    } catch (Throwable failure) {
      System.out.println("FAILED " + name + ": " + String.valueOf(failure).replace('\n', ' '));
      try {
        if (!connection.getAutoCommit()) {
          connection.rollback();
          connection.setAutoCommit(true);
        }
      } catch (SQLException ignored) {
        System.out.println("FAILED " + name + ": and the connection is lost");
      }
    }
  }

  static void equal(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(actual + " where " + expected + " was expected");
    }
  }

  // --- Statements ---------------------------------------------------------------------------------

  static void types(Connection connection) throws Exception {
    String sql = "SELECT 1::SMALLINT, 2::INTEGER, 3::BIGINT, 1.25::DECIMAL(10,2), 1.5::REAL, 2.5::DOUBLE PRECISION,"
        + " true, 'abc'::VARCHAR(10), 'x'::CHAR(3), '2024-02-29'::DATE, '2024-01-02 03:04:05.678'::TIMESTAMP,"
        + " NULL::INTEGER, -12345678901234567890.123456::DECIMAL(30,6), '03:04:05'::TIME";
    // The drivers change to prepared statements of the server, and to binary, after five runs.
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int run = 0; run < 8; ++run) {
        try (ResultSet row = statement.executeQuery()) {
          equal(row.next(), true);
          equal(row.getShort(1), (short) 1);
          equal(row.getInt(2), 2);
          equal(row.getLong(3), 3L);
          equal(row.getBigDecimal(4), new BigDecimal("1.25"));
          equal(row.getFloat(5), 1.5f);
          equal(row.getDouble(6), 2.5);
          equal(row.getBoolean(7), true);
          equal(row.getString(8), "abc");
          equal(row.getString(9), "x  ");
          equal(row.getDate(10), Date.valueOf("2024-02-29"));
          equal(row.getTimestamp(11), Timestamp.valueOf("2024-01-02 03:04:05.678"));
          equal(row.getObject(12), null);
          equal(row.getBigDecimal(13), new BigDecimal("-12345678901234567890.123456"));
          equal(row.getTime(14), Time.valueOf("03:04:05"));
          ResultSetMetaData columns = row.getMetaData();
          equal(columns.getColumnCount(), 14);
          equal(columns.getPrecision(4), 10);
          equal(columns.getScale(4), 2);
          equal(columns.getColumnType(11), Types.TIMESTAMP);
          equal(row.next(), false);
        }
      }
    }
  }

  static void prepared(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE staff (id INTEGER, name VARCHAR(40), born DATE, pay DECIMAL(10,2), at TIMESTAMP)");
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO staff VALUES (?, ?, ?, ?, ?)")) {
      for (int id = 1; id <= 8; ++id) {
        insert.setInt(1, id);
        insert.setString(2, id % 2 == 0 ? null : "O'Neil \\ sons");
        insert.setDate(3, Date.valueOf("1990-01-31"));
        insert.setBigDecimal(4, new BigDecimal("10.50"));
        insert.setTimestamp(5, Timestamp.valueOf("2024-01-02 03:04:05.678"));
        equal(insert.executeUpdate(), 1);
      }
    }
    try (PreparedStatement select = connection.prepareStatement(
             "SELECT name, pay * ?, at FROM staff WHERE id >= ? AND born = ? ORDER BY id")) {
      select.setInt(1, 2);
      select.setInt(2, 7);
      select.setDate(3, Date.valueOf("1990-01-31"));
      equal(select.getMetaData().getColumnCount(), 3);
      equal(select.getParameterMetaData().getParameterCount(), 3);
      try (ResultSet rows = select.executeQuery()) {
        equal(rows.next(), true);
        equal(rows.getString(1), "O'Neil \\ sons");
        equal(rows.getBigDecimal(2).stripTrailingZeros(), new BigDecimal("21"));
        equal(rows.getTimestamp(3), Timestamp.valueOf("2024-01-02 03:04:05.678"));
        equal(rows.next(), true);
        equal(rows.getString(1), null);
        equal(rows.wasNull(), true);
        equal(rows.next(), false);
      }
    }
  }

  static void batches(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE batch (id INTEGER, name VARCHAR(40))");
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO batch VALUES (?, ?)")) {
      for (int id = 1; id <= 300; ++id) {
        insert.setInt(1, id);
        insert.setString(2, "row " + id);
        insert.addBatch();
      }
      equal(insert.executeBatch().length, 300);
    }
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("DELETE FROM batch WHERE id > 250");
      statement.addBatch("UPDATE batch SET name = 'last' WHERE id = 250");
      int[] counts = statement.executeBatch();
      equal(counts[0], 50);
      equal(counts[1], 1);
      try (ResultSet row = statement.executeQuery("SELECT COUNT(*), MIN(name) FROM batch")) {
        row.next();
        equal(row.getInt(1), 250);
        equal(row.getString(2), "last");
      }
      equal(statement.execute("SELECT 1; SELECT 2"), true);
      equal(statement.getMoreResults(), true);
      ResultSet second = statement.getResultSet();
      second.next();
      equal(second.getInt(1), 2);
    }
  }

  static void fetchSize(Connection connection) throws Exception {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(100);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM generate_series(1, 1234) ORDER BY 1")) {
        for (int expected = 1; expected <= 1234; ++expected) {
          equal(rows.next(), true);
          equal(rows.getInt(1), expected);
        }
        equal(rows.next(), false);
      }
      statement.setFetchSize(10);
      statement.setMaxRows(25);
      int count = 0;
      try (ResultSet rows = statement.executeQuery("SELECT * FROM generate_series(1, 1234)")) {
        while (rows.next()) ++count;
      }
      equal(count, 25);
      // Closed half read: what the transaction did before stays done.
      statement.setMaxRows(0);
      statement.execute("CREATE TEMP TABLE half_read (a INT)");
      try (ResultSet rows = statement.executeQuery("SELECT * FROM generate_series(1, 1234)")) {
        for (int i = 0; i < 5; ++i) rows.next();
      }
    }
    connection.commit();
    equal(count(connection, "half_read"), 0);
    connection.setAutoCommit(true);
  }

  static int count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
         ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      row.next();
      return row.getInt(1);
    }
  }

  static void transactions(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS jdbc_ledger");
      statement.execute("CREATE TABLE jdbc_ledger (id INTEGER)");
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      equal(statement.executeUpdate("INSERT INTO jdbc_ledger VALUES (1), (2)"), 2);
      connection.rollback();
      equal(count(connection, "jdbc_ledger"), 0);
      statement.executeUpdate("INSERT INTO jdbc_ledger VALUES (3)");
      try (Connection other = DriverManager.getConnection(url, login)) {
        equal(count(other, "jdbc_ledger"), 0);
        connection.commit();
        equal(count(other, "jdbc_ledger"), 1);
      }
    }
    connection.setAutoCommit(true);
    connection.setReadOnly(true);
    equal(connection.isReadOnly(), true);
    equal(count(connection, "jdbc_ledger"), 1);
    connection.setReadOnly(false);
    connection.getTransactionIsolation();
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    equal(connection.getTransactionIsolation(), Connection.TRANSACTION_SERIALIZABLE);
    equal(connection.isValid(10), true);
  }

  static void errors(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT 1/0");
      throw new AssertionError("no error");
    } catch (SQLException error) {
      equal(error.getSQLState(), "22012");
    }
    try (PreparedStatement statement = connection.prepareStatement("SELECT nothing FROM nowhere WHERE id = ?")) {
      statement.setInt(1, 1);
      statement.executeQuery();
      throw new AssertionError("no error");
    } catch (SQLException error) {
      equal(error.getSQLState(), "42P01");
    }
    Properties wrong = new Properties();
    wrong.putAll(login);
    wrong.setProperty("password", "wrong");
    try (Connection other = DriverManager.getConnection(url, wrong)) {
      throw new AssertionError("no error");
    } catch (SQLException error) {
      equal(error.getMessage().contains("password authentication failed"), true);
    }
    equal(count(connection, "generate_series(1, 3)"), 3);
  }

  static final String ENDLESS = "SELECT COUNT(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b,"
      + " generate_series(1, 1000) c";

  static void cancel(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      Thread canceller = new Thread(() -> {
        try {
          while (!Thread.interrupted()) {
            Thread.sleep(100);
            statement.cancel();
          }
        } catch (SQLException | InterruptedException ended) {
          return;
        }
      });
      canceller.start();
      try {
        statement.executeQuery(ENDLESS);
        throw new AssertionError("not cancelled");
      } catch (SQLException error) {
        equal(error.getSQLState(), "57014");
      } finally {
        canceller.interrupt();
        canceller.join();
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.executeQuery(ENDLESS);
      throw new AssertionError("not timed out");
    } catch (SQLException error) {
      equal(error.getSQLState(), "57014");
    }
    equal(count(connection, "generate_series(1, 3)"), 3);
  }

  // Their columns are known to the extended protocol before they run.
  static void commands(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      for (String sql : new String[] {"SHOW search_path", "EXPLAIN SELECT 1", "SHOW TABLES FROM SCHEMA dev.public"}) {
        try (ResultSet rows = statement.executeQuery(sql)) {
          equal(rows.next(), true);
          equal(rows.getString(1) != null, true);
        }
      }
      statement.execute("SET query_group TO 'reports'");
      equal(statement.executeUpdate("CREATE TEMP TABLE command (a INT)"), 0);
    }
    connection.setSchema("public");
    equal(connection.getSchema(), "public");
    equal(connection.getCatalog(), "dev");
  }

  // --- DatabaseMetaData ---------------------------------------------------------------------------

  static void metadataSetup(Connection connection) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS jdbc CASCADE");
      statement.execute("CREATE SCHEMA jdbc");
      statement.execute("CREATE TABLE jdbc.customers (id INT NOT NULL PRIMARY KEY, email VARCHAR(80) UNIQUE)");
      statement.execute("CREATE TABLE jdbc.orders (id BIGINT NOT NULL, customer INT REFERENCES jdbc.customers (id),"
          + " day DATE DEFAULT CURRENT_DATE, total DECIMAL(12,2), note CHAR(5), PRIMARY KEY (id)) SORTKEY (day)");
      statement.execute("CREATE VIEW jdbc.recent AS SELECT id, day FROM jdbc.orders");
      statement.execute("COMMENT ON TABLE jdbc.orders IS 'what was bought'");
      statement.execute("GRANT SELECT ON jdbc.orders TO PUBLIC");
      // Of a column's privileges SHOW gives those that are its own.
      statement.execute("GRANT SELECT (id) ON jdbc.orders TO PUBLIC");
    }
  }

  static void metadata(Connection connection) {
    String[] tablesAndViews = {"TABLE", "VIEW"};
    rows(connection, "getCatalogs", m -> m.getCatalogs(), "dev", "TABLE_CAT");
    rows(connection, "getSchemas", m -> m.getSchemas(), "jdbc", "TABLE_SCHEM");
    rows(connection, "getSchemas by pattern", m -> m.getSchemas(null, "jd%"), "jdbc", "TABLE_SCHEM");
    rows(connection, "getTableTypes", m -> m.getTableTypes(), "TABLE", "TABLE_TYPE");
    all(connection, "getTables", m -> m.getTables("dev", "jdbc", "%", tablesAndViews),
        "customers TABLE|orders TABLE|recent VIEW", "TABLE_NAME", "TABLE_TYPE");
    all(connection, "getTables with comment", m -> m.getTables("dev", "jdbc", "orders", null), "what was bought",
        "REMARKS");
    all(connection, "getColumns", m -> m.getColumns("dev", "jdbc", "orders", "%"),
        "customer 4 10 null YES|day 91 13 null YES|id -5 19 null NO|note 1 5 null YES|total 2 12 2 YES", "COLUMN_NAME",
        "DATA_TYPE", "COLUMN_SIZE", null, "IS_NULLABLE");
    check("getColumns in ordinal order", c -> {
      StringBuilder names = new StringBuilder();
      try (ResultSet columns = c.getMetaData().getColumns("dev", "jdbc", "orders", "%")) {
        while (columns.next()) names.append(columns.getString("COLUMN_NAME")).append(' ');
      }
      equal(names.toString(), "id customer day total note ");
    }, connection);
    all(connection, "getColumns of a view", m -> m.getColumns("dev", "jdbc", "recent", "%"), "day 2|id 1", "COLUMN_NAME",
        "ORDINAL_POSITION");
    all(connection, "getPrimaryKeys", m -> m.getPrimaryKeys("dev", "jdbc", "orders"), "id 1 orders_pkey", "COLUMN_NAME",
        "KEY_SEQ", "PK_NAME");
    all(connection, "getImportedKeys", m -> m.getImportedKeys("dev", "jdbc", "orders"), "customers id orders customer",
        "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME");
    all(connection, "getExportedKeys", m -> m.getExportedKeys("dev", "jdbc", "customers"), "customers id orders customer",
        "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME");
    all(connection, "getCrossReference",
        m -> m.getCrossReference("dev", "jdbc", "customers", "dev", "jdbc", "orders"), "customers id orders customer",
        "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME");
    // Amazon's driver knows that Redshift has no indexes, and does not ask.
    all(connection, "getIndexInfo", m -> m.getIndexInfo("dev", "jdbc", "orders", true, false),
        url.startsWith("jdbc:redshift:") ? "" : "id orders_pkey", "COLUMN_NAME", "INDEX_NAME");
    all(connection, "getBestRowIdentifier", m -> m.getBestRowIdentifier("dev", "jdbc", "orders", 0, true), "id",
        "COLUMN_NAME");
    rows(connection, "getTypeInfo", m -> m.getTypeInfo(), "super", "TYPE_NAME");
    rows(connection, "getTablePrivileges", m -> m.getTablePrivileges("dev", "jdbc", "orders"), "SELECT", "PRIVILEGE");
    rows(connection, "getColumnPrivileges", m -> m.getColumnPrivileges("dev", "jdbc", "orders", "%"), "SELECT",
        "PRIVILEGE");
    rows(connection, "getFunctions", m -> m.getFunctions("dev", "pg_catalog", "lpad"), "lpad", "FUNCTION_NAME");
    rows(connection, "getFunctionColumns", m -> m.getFunctionColumns("dev", "pg_catalog", "lpad", "%"), "lpad",
        "FUNCTION_NAME");
    all(connection, "getProcedures", m -> m.getProcedures("dev", "jdbc", "%"), "", "PROCEDURE_NAME");
    all(connection, "getProcedureColumns", m -> m.getProcedureColumns("dev", "jdbc", "%", "%"), "", "PROCEDURE_NAME");
    all(connection, "getUDTs", m -> m.getUDTs("dev", "jdbc", "%", null), "", "TYPE_NAME");
    check("facts", c -> {
      DatabaseMetaData m = c.getMetaData();
      equal(m.getDatabaseProductVersion().startsWith("8.0.2"), true);
      equal(m.getUserName(), login.getProperty("user"));
      m.getClientInfoProperties().close();
      m.getMaxColumnsInIndex();
      m.getMaxColumnNameLength();
      m.getSQLKeywords();
      m.getNumericFunctions();
    }, connection);
  }

  // All rows, sorted, their named columns separated by spaces; a null name stands for a column that is 0
  // in one driver and null in another, and shows as null, or as its value where it has one.
  static List<String> read(ResultSet result, String... columns) throws SQLException {
    TreeSet<String> lines = new TreeSet<>();
    while (result.next()) {
      StringBuilder line = new StringBuilder();
      for (String column : columns) {
        if (line.length() > 0) line.append(' ');
        if (column != null) {
          line.append(result.getString(column));
        } else {
          int digits = result.getInt("DECIMAL_DIGITS");
          line.append(digits == 0 ? "null" : String.valueOf(digits));
        }
      }
      lines.add(line.toString());
    }
    return new ArrayList<>(lines);
  }

  static void all(Connection connection, String name, Catalog catalog, String expected, String... columns) {
    check(name, c -> {
      try (ResultSet result = catalog.ask(c.getMetaData())) {
        equal(String.join("|", read(result, columns)), expected);
      }
    }, connection);
  }

  static void rows(Connection connection, String name, Catalog catalog, String expected, String column) {
    check(name, c -> {
      try (ResultSet result = catalog.ask(c.getMetaData())) {
        List<String> values = read(result, column);
        if (!values.contains(expected)) throw new AssertionError(values + " without " + expected);
      }
    }, connection);
  }
}
