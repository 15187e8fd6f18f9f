"""The database: tables, engine, triggers, schema versions. It knows no rule of counting."""
