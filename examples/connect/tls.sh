openssl req -x509 -newkey rsa:2048 -nodes -days 365 -keyout key.pem -out cert.pem \
  -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>openssl.log
vesto serve --port "${PGPORT:-5439}" --tls require --tls-cert cert.pem --tls-key key.pem --password-file password
# psql:               PGSSLROOTCERT=cert.pem psql "host=127.0.0.1 user=awsuser dbname=dev sslmode=verify-full"
# redshift_connector: SSL_CERT_FILE=cert.pem python job.py
# Redshift JDBC:      jdbc:redshift://127.0.0.1:5439/dev?sslrootcert=cert.pem
