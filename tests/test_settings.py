"""Settings that are not as they should be: every one is named in a sentence with what would do instead."""

from pathlib import Path

import pytest

from pipeline.errors import WrongUse
from pipeline.settings import SETTINGS_FILE, load


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # a name nobody knows used to be passed over in silence
        ("workes = 2", ["workes", "Có phải là workers?"]),
        ("hoàn_toàn_khác = 2", []),
        ("[ownbodies]\nname = 'Tỉnh Khánh Hòa'", ["ownbodies", "own_bodies"]),
        ("[[own_bodies]]\nnam = 'Tỉnh Khánh Hòa'", ["own_bodies[1].nam", "name", "còn thiếu"]),
        # a language that nobody speaks here
        ('language = "fr"', ["language", '"fr"', 'chỉ nhận "vi", "en"']),
        # values of another kind
        ('workers = "hai"', ["workers", "số nguyên"]),
        ("workers = 1.5", ["workers", "số nguyên"]),
        ("settle_seconds = 'lâu'", ["settle_seconds", "một số"]),
        ("accept_unseen = 'có'", ["accept_unseen", "true", "false"]),
        ("inbox = 7", ["inbox", "ngoặc kép"]),
        ("own_bodies = 'Tỉnh Khánh Hòa'", ["own_bodies", "[[own_bodies]]"]),
        ("[own_bodies]\nname = 'Tỉnh Khánh Hòa'", ["own_bodies", "[[own_bodies]]"]),
        ("[[own_bodies]]\nname = 5", ["own_bodies[1].name", "ngoặc kép"]),
        ("[[own_bodies]]\nname = 'a'\npredecessors = 'b'", ["predecessors", "danh sách"]),
        # values out of range
        ("target_error = 1", ["target_error", "nhỏ hơn 1"]),
        ("target_error = 0", ["target_error", "lớn hơn 0"]),
        ("workers = -1", ["workers", "không được nhỏ hơn 0"]),
        ("prefect_port = 99999", ["prefect_port", "không được lớn hơn 65535"]),
        ("[holidays]\n'30/2/2026' = true", ["holidays", "ngày không hợp lệ"]),
        # two at once are both said
        ("workes = 2\nlanguage = 'fr'", ["workes", "language"]),
        # not TOML at all
        ('language = "vi"\nname = Tỉnh Khánh Hòa', ["dòng 2", "name = Tỉnh Khánh Hòa"]),
        ("[[[", ["dòng 1"]),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, written: str, said: list[str]) -> None:
    (tmp_path / SETTINGS_FILE).write_text(written, "utf-8")
    with pytest.raises(WrongUse) as raised:
        load(tmp_path)
    sentence = str(raised.value)
    assert str(tmp_path / SETTINGS_FILE) in sentence
    for part in said:
        assert part in sentence
    assert "Input should" not in sentence


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("GIAOVIEC_WORKER", "2", ["GIAOVIEC_WORKER", "Có phải là GIAOVIEC_WORKERS?"]),
        ("GIAOVIEC_WORKERS", "hai", ["biến môi trường GIAOVIEC_WORKERS", "số nguyên"]),
        ("GIAOVIEC_OWN_BODIES", "Tỉnh Khánh Hòa", ["GIAOVIEC_OWN_BODIES", "JSON"]),
    ],
)
def test_variables_are_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: list[str]
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongUse) as raised:
        load(tmp_path)
    assert all(part in str(raised.value) for part in said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_as_notepad_writes_it(tmp_path: Path, encoding: str) -> None:
    words = '[[own_bodies]]\r\nname = "Tỉnh Khánh Hòa"\r\n[holidays]\r\n"02/5/2026" = true\r\n'
    (tmp_path / SETTINGS_FILE).write_bytes(words.encode(encoding))
    found = load(tmp_path)
    assert [body.name for body in found.own_bodies] == ["Tỉnh Khánh Hòa"]
    assert found.office.holidays == {"2026-05-02": True}


def test_other_encodings_and_folders_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes('language = "vi"'.encode("utf-16"))
    with pytest.raises(WrongUse, match="UTF-8"):
        load(tmp_path)
    (tmp_path / SETTINGS_FILE).unlink()
    (tmp_path / SETTINGS_FILE).mkdir()
    with pytest.raises(WrongUse, match="quyền đọc"):
        load(tmp_path)
