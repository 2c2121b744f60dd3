from support.rows import open_ticket


def test_backup_and_restore(site):
    store = site.store()
    open_ticket(store)
    store.close()
    copy = site.folder / "copy.db"
    found = site.run("backup", copy, "--json").json()
    assert found == {"ok": True, "file": str(copy), "octets": copy.stat().st_size}
    before = site.run("ticket", "list", "--json").json()
    refused = site.run("restore", copy)
    assert refused.code == 1
    assert "nothing is overwritten" in refused.err
    for path in (site.folder / "store").iterdir():
        path.unlink()
    assert site.run("restore", copy).code == 0
    assert site.run("ticket", "list", "--json").json() == before


def test_a_backup_never_overwrites(site):
    target = site.folder / "copy.db"
    target.write_text("mine")
    result = site.run("backup", target)
    assert result.code == 1
    assert "choose another name" in result.err
