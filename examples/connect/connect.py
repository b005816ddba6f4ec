import os

import redshift_connector

connection = redshift_connector.connect(host="127.0.0.1", port=int(os.environ.get("PGPORT", 5439)), database="dev",
                                        user="awsuser", password="any", ssl=False)
cursor = connection.cursor()
cursor.execute("SELECT version()")
print(cursor.fetchone()[0])
