"""Small letters for tests, made up as they are needed: text, DOCX and PDF of a few lines."""

from pathlib import Path

LETTER = """UBND TỈNH KHÁNH HÒA
SỞ Y TẾ
Số: {number}/SYT-NVY
Khánh Hòa, ngày 02 tháng 3 năm 2026

V/v tăng cường phòng, chống dịch bệnh mùa hè

Kính gửi: Trung tâm Y tế các khu vực

Thực hiện Kế hoạch số 15/KH-UBND ngày 20/01/2026 của UBND tỉnh, Sở Y tế yêu cầu:

1. Trung tâm Kiểm soát bệnh tật tỉnh chủ trì, phối hợp với Sở Giáo dục và Đào tạo tổ chức giám sát véc tơ tại \
các trường học, hoàn thành trước ngày 15/4/2026.

2. Phòng Nghiệp vụ Y hướng dẫn các cơ sở khám bệnh, chữa bệnh xây dựng phương án thu dung bệnh nhân, báo cáo \
Giám đốc Sở trong tháng 4/2026.

Nơi nhận:
- Như trên;
- Lưu: VT, NVY.
"""


def text_letter(folder: Path, name: str = "công văn.txt", number: int = 101) -> Path:
    """A letter of two tasks as plain text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(LETTER.format(number=number), "utf-8")
    return path
