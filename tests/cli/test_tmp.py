def test_x(run, ledger):
    import sqlite3

    c = sqlite3.connect(ledger)
    print(
        c.execute("select uid,day,outcome from loss").fetchall(),
        c.execute("select max(number), max(recorded_at) from entry").fetchall(),
    )
    c.close()
    r = run("nosuch")
    print(r.exit_code, r.output)
    assert 0


def test_y(served):
    assert served("frobnicate").exit_code == 2
