"""Journals of any size, of made-up letters, to see what rebuilding and publishing cost."""

import random
from pathlib import Path

from pipeline import journal as journals
from pipeline.journal import Event, Journal, encode

BODIES = (
    "Bộ Tài chính",
    "Bộ Y tế",
    "Bộ Xây dựng",
    "Bộ Nội vụ",
    "Tỉnh Khánh Hòa",
    "Các bộ, ngành",
    "Các địa phương",
)
VERBS = ("Rà soát", "Xây dựng", "Báo cáo", "Hoàn thiện", "Tổ chức", "Kiểm tra", "Ban hành", "Hướng dẫn")
OBJECTS = (
    "quy hoạch sử dụng đất",
    "danh mục dự án đầu tư công",
    "phương án phòng, chống lụt bão",
    "đề án vị trí việc làm",
)
TAIL = (
    "theo chức năng, nhiệm vụ được giao, bảo đảm đúng tiến độ và chất lượng, kịp thời tháo gỡ khó khăn, vướng mắc"
)


def write(folder: Path, tasks: int, tasks_a_letter: int = 10, seed: int = 7) -> Journal:
    """Write a journal of `tasks` tasks; the same for the same arguments."""
    rng = random.Random(seed)
    journal = Journal(folder)
    seq = 0
    segment = None
    for letter in range(tasks // tasks_a_letter):
        sha256 = f"{letter:064x}"
        for kind, data in _events(rng, letter, sha256, tasks_a_letter):
            seq += 1
            if segment is None or segment.tell() >= journals.SEGMENT_BYTES:
                if segment is not None:
                    segment.close()
                segment = (folder / "events" / f"{seq:08d}.jsonl").open("wb")
            segment.write(encode(Event(seq, "2026-03-02T01:00:00.000000Z", kind, data)))  # type: ignore[arg-type]
    if segment is not None:
        segment.close()
    return journal


def _events(rng: random.Random, letter: int, sha256: str, count: int) -> list[tuple[str, dict[str, object]]]:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    page = {
        "page": 1,
        "width": 595.0,
        "height": 842.0,
        "source": "ocr",
        "reason": None,
        "words": 300,
        "confidence": 0.94,
    }
    tasks = []
    for n in range(count):
        text = f"{rng.choice(VERBS)} {rng.choice(OBJECTS)} {TAIL} (văn bản {letter}, việc {n})."
        box = [72.0, 100.0 + n, 520.0, 130.0 + n]
        tasks.append(
            {
                "task_id": f"{letter:08x}{n:08x}",
                "ordinal": n + 1,
                "status": "current",
                "text": text,
                "leads": [{"name": rng.choice(BODIES), "kind": "ministry", "via": "alias"}],
                "coops": [{"name": rng.choice(BODIES), "role": "coop", "via": "alias"}],
                "deadline": {
                    "kind": "date",
                    "date": f"2026-{month:02d}-{day:02d}",
                    "due_date": f"2026-{month:02d}-{day:02d}",
                },
                "section": ["II. NHIỆM VỤ"],
                "confidence": {"text": 0.9, "lead": 0.9, "deadline": 0.9, "overall": 0.8},
                "places": [{"field": "text", "block": n, "start": 0, "end": len(text), "page": 1, "box": box}],
            }
        )
    head = {
        "code_number": str(letter),
        "code_notation": "BTC-VP",
        "issued_date": "2026-03-01",
        "organ_name": "BỘ TÀI CHÍNH",
    }
    return [
        (
            "received",
            {
                "document": sha256,
                "name": f"{letter}.pdf",
                "media_type": "application/pdf",
                "size": 1,
                "drop": sha256[-16:],
            },
        ),
        ("read", {"document": sha256, "reading": sha256, "reader": "1", "pages": [page]}),
        (
            "extracted",
            {
                "document": sha256,
                "letter": sha256[-16:],
                "representative": True,
                "extractor": "1",
                "letterhead": head,
                "tasks": tasks,
                "changes": [],
            },
        ),
    ]
