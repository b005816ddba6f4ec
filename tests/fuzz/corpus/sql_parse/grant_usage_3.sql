grant usage on datashare d to namespace 'x'
