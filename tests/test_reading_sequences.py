"""Numbers of lists that were misread: mended where the items beside them decide, and only there."""

import pytest

from pipeline.reading import sequences


def lines(text: str) -> list[str]:
    """Words of lines parted by `|`, mended."""
    rows = [row.split() for row in text.split("|")]
    words = [word for row in rows for word in row]
    starts = [place == 0 for row in rows for place in range(len(row))]
    return sequences.mended(words, starts)


@pytest.mark.parametrize(
    ("seen", "right"),
    [
        # between two that leave room for one
        ("(iii) Ba | (v) Bốn | (v) Năm", "(iii) Ba | (iv) Bốn | (v) Năm"),
        ("c) Ba | đ) Bốn | đ) Năm", "c) Ba | d) Bốn | đ) Năm"),
        ("c) Ba | ở) Bốn | đ) Năm", "c) Ba | d) Bốn | đ) Năm"),
        ("I. Một | Il. Hai | III. Ba", "I. Một | II. Hai | III. Ba"),
        # the first, before the second
        ("q) Một | b) Hai", "a) Một | b) Hai"),
        ("() Một | (ii) Hai", "(i) Một | (ii) Hai"),
        # one that repeats the one before it, for want of a stroke
        ("II. Hai | II. KIẾN NGHỊ", "II. Hai | III. KIẾN NGHỊ"),
        ("(ii) Hai | (ii) Ba | (iv) Bốn", "(ii) Hai | (iii) Ba | (iv) Bốn"),
        ("(ii) Một | (ii) Hai | (iii) Ba", "(ii) Một | (ii) Hai | (iii) Ba"),
        # two lists, one after the other, and one within the other
        ("a) Một | b) Hai | a) Một | b) Hai", "a) Một | b) Hai | a) Một | b) Hai"),
        ("a) Một | (i) Một | (ii) Hai | b) Hai", "a) Một | (i) Một | (ii) Hai | b) Hai"),
        # the item before is on the page before, or was not recognised
        ("d) Bốn | b) Hai", "a) Bốn | b) Hai"),
        ("c) Ba | d) Bốn | b) Hai", "c) Ba | d) Bốn | b) Hai"),
        # what nothing decides
        ("(v) Năm | (vii) Bảy", "(v) Năm | (vii) Bảy"),
        ("b) Hai | q) Mười", "b) Hai | q) Mười"),
        # a small raised number: the first, one between two, the last
        ("khác: Œ) Rà soát; (2) Kiểm tra; ®) Tổ chức.", "khác: (1) Rà soát; (2) Kiểm tra; (3) Tổ chức."),
        ("khác: #' Rà soát; (2) Kiểm tra;", "khác: (1) Rà soát; (2) Kiểm tra;"),
        ("khác: ( Rà soát; (2) Kiểm tra;", "khác: (1) Rà soát; (2) Kiểm tra;"),
        ("khác: (1) Rà soát; ©) Kiểm tra; (3) Tổ chức.", "khác: (1) Rà soát; (2) Kiểm tra; (3) Tổ chức."),
        # none of them read, all where they would stand; bullets of lines; one alone
        ("khác: ®' Rà soát; ') Kiểm tra; %' Tổ chức.", "khác: (1) Rà soát; (2) Kiểm tra; (3) Tổ chức."),
        ("khác: | ® Rà soát; | ® Kiểm tra.", "khác: | ® Rà soát; | ® Kiểm tra."),
        ("khác: ® Rà soát; Kiểm tra.", "khác: ® Rà soát; Kiểm tra."),
        ("khác: ®' Rà soát; Kiểm tra; %' Tổ chức.", "khác: ®' Rà soát; Kiểm tra; %' Tổ chức."),
        ("Nơi nhận: : Đăng; : Lưu", "Nơi nhận: : Đăng; : Lưu"),
        # two places for one number, a list of another kind, a dash, amid a sentence
        ("sau: ( Bộ Y tế: 0 Một; (2) Hai", "sau: ( Bộ Y tế: 0 Một; (2) Hai"),
        ("(1) Một; (2) Hai; a) Ba; (4) Bốn", "(1) Một; (2) Hai; a) Ba; (4) Bốn"),
        ("(1) Một; (2) Hai; - Bộ Y tế", "(1) Một; (2) Hai; - Bộ Y tế"),
        ("(1) Một; (2) Hai của © Bộ", "(1) Một; (2) Hai của © Bộ"),
    ],
)
def test_numbers_that_their_neighbours_decide(seen: str, right: str) -> None:
    assert lines(seen) == right.replace("|", " ").split()
