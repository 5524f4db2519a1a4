"""Where files may be put: told from the mounts, invented here."""

from kiosk.laptop import places


def test_what_is_only_a_folder_is_no_stick(tmp_path):
    """An empty mount point left behind, on the laptop's own disk, is not offered as a stick."""
    (tmp_path / "media" / "somebody" / "OLD").mkdir(parents=True)
    assert places.sticks(tmp_path, "linux") == []


def test_a_stick_is_called_by_its_name(tmp_path, monkeypatch):
    """Another device under /media or /run/media is a stick, by the name of its volume."""
    stick = tmp_path / "run" / "media" / "tanaka" / "SHIROYAMA"
    stick.mkdir(parents=True)
    monkeypatch.setattr(places, "_is_other_device", lambda path: path == stick)
    (found,) = places.sticks(tmp_path, "linux")
    assert (found.name, found.path) == ("SHIROYAMA", stick)


def test_pictures_are_looked_for_where_people_put_them(tmp_path):
    """Of a home only the folders that are there; papers go to the documents, else to the home itself."""
    assert places.own_folder(tmp_path) == tmp_path
    (tmp_path / "ダウンロード").mkdir()
    (tmp_path / "Documents").mkdir()
    looked = places.where_pictures_lie(tmp_path / "root", tmp_path)
    assert set(looked) == {tmp_path / "ダウンロード", tmp_path / "Documents"}
    assert places.own_folder(tmp_path) == tmp_path / "Documents"
