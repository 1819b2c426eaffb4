"""Django's Postgres, with one name for a server that has gone."""
