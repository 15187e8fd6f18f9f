"""The tally of a ledger by side and category, as somebody with pandas would take it from the file."""

import sqlite3
import sys
from contextlib import closing

import pandas as pd

with closing(sqlite3.connect(sys.argv[1])) as connection:
    postings = pd.read_sql_query("SELECT side_id, category_id, verification, quantity FROM posting", connection)
    sides = pd.read_sql_query("SELECT id AS side_id, name AS side FROM side", connection)
    categories = pd.read_sql_query("SELECT id AS category_id, name AS category FROM category", connection)

confirmed = postings[postings["verification"] == "confirmed"]
named = confirmed.merge(sides, on="side_id").merge(categories, on="category_id")
tally = named.groupby(["side", "category"], as_index=False)["quantity"].sum()
print(tally[tally["quantity"] != 0].to_json(orient="records"))
