import java.sql.*;

public class Connect {
  public static void main(String[] arguments) throws SQLException {
    String port = System.getenv().getOrDefault("PGPORT", "5439");
    String url = "jdbc:redshift://127.0.0.1:" + port + "/dev?ssl=false";
    try (Connection connection = DriverManager.getConnection(url, "awsuser", "any");
        ResultSet rows = connection.createStatement().executeQuery("SELECT version()")) {
      while (rows.next()) System.out.println(rows.getString(1));
    }
  }
}
