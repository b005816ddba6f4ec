psql -h 127.0.0.1 -p "${PGPORT:-5439}" -U awsuser dev -c "SELECT version()"
