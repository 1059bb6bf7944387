"""Journals of any size, of made-up letters that are spread as real ones are: few bodies have most of the work, few
papers assign most of it, tasks are urged again, some are done and some corrected; some letters replace others or
move their deadlines, and people take new days and judge links.

`python -m samples.registers HOME --tasks 100000` makes a home, which `giaoviec --home HOME rebuild` loads.
"""

import argparse
import datetime
import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from extractors.recurrence import days
from pipeline import journal as journals
from pipeline.journal import Event, Journal, encode
from pipeline.register import today

LEADS = (
    "Các địa phương",
    "Các bộ, ngành",
    "Bộ Tài chính",
    "Bộ Công an",
    "Bộ Nông nghiệp và Môi trường",
    "Bộ Xây dựng",
    "Bộ Nội vụ",
    "Bộ Y tế",
    "Bộ Khoa học và Công nghệ",
    "Bộ Giáo dục và Đào tạo",
    "Bộ Công Thương",
    "Bộ Tư pháp",
    "Tỉnh Khánh Hòa",
    "Bộ Văn hóa, Thể thao và Du lịch",
    "Văn phòng Chính phủ",
    "Ngân hàng Nhà nước Việt Nam",
    "Tỉnh Nghệ An",
    "Thành phố Hà Nội",
    "Bộ Quốc phòng",
    "Thanh tra Chính phủ",
    "Sở Nông nghiệp và Môi trường",
    "Sở Xây dựng",
    "Sở Y tế",
    "Tỉnh Lào Cai",
    "Tập đoàn Điện lực Việt Nam",
)
ISSUERS = (
    ("BỘ TÀI CHÍNH", "BTC-VP"),
    ("UBND TỈNH KHÁNH HÒA", "UBND-TH"),
    ("VĂN PHÒNG CHÍNH PHỦ", "VPCP-KTTH"),
    ("BỘ Y TẾ", "BYT-KCB"),
    ("BỘ XÂY DỰNG", "BXD-QLN"),
    ("THỦ TƯỚNG CHÍNH PHỦ", "CĐ-TTg"),
)
SOURCES = ("71/NQ-CP", "12/CT-TTg", "1719/QĐ-TTg", "35/TB-VPCP", "98/NQ-CP", "204/KH-UBND", "66/NQ-CP")
VERBS = (
    "Rà soát",
    "Xây dựng",
    "Hoàn thiện",
    "Tổ chức kiểm tra",
    "Ban hành",
    "Lập danh mục",
    "Thẩm định",
    "Khảo sát",
    "Nghiệm thu",
    "Công bố",
    "Bố trí kinh phí cho",
    "Đánh giá",
    "Số hóa",
    "Tập huấn về",
)
SUBJECTS = (
    "quy hoạch sử dụng đất",
    "phương án sơ tán dân",
    "hồ chứa thủy lợi",
    "trường học vùng cao",
    "trạm y tế",
    "cầu treo dân sinh",
    "khu tái định cư",
    "chợ đầu mối",
    "bến thủy nội địa",
    "rừng phòng hộ",
    "tàu cá khai thác xa bờ",
    "nhà ở xã hội",
    "mỏ vật liệu san lấp",
    "di tích lịch sử",
    "hồ sơ người có công",
    "cụm công nghiệp",
    "lưới điện nông thôn",
    "nước sạch tập trung",
    "hạ tầng chuyển đổi số",
    "làng nghề truyền thống",
    "bãi rác lộ thiên",
    "đường giao thông liên xã",
    "kho lưu trữ chuyên dụng",
    "giống lúa chịu mặn",
    "đội ngũ khuyến nông",
    "trung tâm phục vụ hành chính công",
)
ASPECTS = (
    "theo bộ tiêu chí mới",
    "còn dang dở từ năm trước",
    "có nguy cơ mất an toàn",
    "bằng nguồn vốn đầu tư công trung hạn",
    "phục vụ đồng bào dân tộc thiểu số",
    "gắn với cải cách thủ tục hành chính",
    "kèm bản đồ và số liệu đo đạc",
    "sau kết luận thanh tra",
    "thuộc chương trình mục tiêu quốc gia",
    "trước mùa mưa bão",
    "theo phương thức đối tác công tư",
    "trên nền tảng dùng chung của tỉnh",
)
SYLLABLES = (
    "An",
    "Bình",
    "Châu",
    "Dương",
    "Đông",
    "Giang",
    "Hà",
    "Hòa",
    "Khê",
    "Lâm",
    "Lộc",
    "Mỹ",
    "Nam",
    "Ngọc",
    "Phú",
    "Quang",
    "Sơn",
    "Tân",
    "Thịnh",
    "Trung",
    "Vĩnh",
    "Xuân",
)
HASTE = ("Khẩn trương", "Tiếp tục", "Tập trung hoàn thành việc", "Đề nghị sớm")
DAYS = 730
MOST_TASKS = 80
"""Tasks of the longest letter."""

REPEATED = 0.12
"""Share of tasks that urge an earlier one again."""
DONE = 0.15
CORRECTED = 0.03
RELATED = 0.02
"""Share of letters that replace, correct or withdraw an earlier one, or move its deadlines."""
MISSED = 0.1
"""Share of letters with a sentence that may be a task nobody found."""
MOVED, JUDGED = 0.1, 0.05
"""Shares of tasks urged again whose new day people took, and of links they confirmed or refused."""
HOW_FAR = ("Đang lấy ý kiến", "Đã trình, chờ phê duyệt", "Đạt khoảng 60% khối lượng", "Chưa bố trí được kinh phí")


def write(
    folder: Path, tasks: int, tasks_a_letter: int = 10, seed: int = 7, until: datetime.date | None = None
) -> Journal:
    """Write a journal of `tasks` tasks in letters of two years up to `until` (today); repeatable."""
    made = _Maker(random.Random(seed), until or today())
    journal = Journal(folder)
    segment = None
    for seq, (moment, kind, data) in enumerate(made.events(tasks, tasks_a_letter), 1):
        if segment is None or segment.tell() >= journals.SEGMENT_BYTES:
            if segment is not None:
                segment.close()
            segment = (folder / "events" / f"{seq:08d}.jsonl").open("wb")
        segment.write(encode(Event(seq, moment, kind, data)))  # type: ignore[arg-type]
    if segment is not None:
        segment.close()
    return journal


def one_letter(tasks: int, day: datetime.date, number: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of one letter more than any journal of `write` has; another one for each number."""
    return _Maker(random.Random(number + 1), day).letter(10**9 + number, tasks, day)


def letter_text(rng: random.Random, number: int, tasks: int, day: datetime.date) -> str:
    """A plain-text letter of `tasks` numbered tasks, to be dropped into an inbox."""
    made = _Maker(rng, day)
    lines = ["SỞ XÂY DỰNG", f"Số: {number}/SXD-HT", ""]
    lines += [f"Khánh Hòa, ngày {day.day:02d} tháng {day.month:02d} năm {day.year}", "", "Kính gửi: Các phòng", ""]
    due = day + datetime.timedelta(days=40)
    for n in range(1, tasks + 1):
        lines += [f"{n}. Phòng Hạ tầng {made.words().lower()}, xong trước ngày {due:%d/%m/%Y}.", ""]
    return "\n".join(lines)


class _Maker:
    """Makes letters one after another; remembers some tasks so that later letters can urge them."""

    def __init__(self, rng: random.Random, until: datetime.date) -> None:
        self.rng = rng
        self.until = until
        self.aside = random.Random(rng.getstate()[1][0])
        """Of what was added later: what was made before stays as it was."""
        self.known: list[tuple[str, str, str, list[str]]] = []
        self.papers: list[tuple[str, str, str]] = []
        """Number, symbol and issuer of some letters before."""
        self.weights = {pool: _falling(pool) for pool in (LEADS, SOURCES, ISSUERS)}

    def events(self, tasks: int, a_letter: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Events with their moments: letters come in at working hours, up to three weeks after their own day."""
        left, letter = tasks, 0
        while left > 0:
            # Many short letters, few very long ones.
            count = min(left, MOST_TASKS, int(self.rng.expovariate(1 / (a_letter - 0.5))) + 1)
            age = DAYS * left / tasks
            came = self.until - datetime.timedelta(days=math.ceil(age))
            # Half past seven to half past five, in Vietnam.
            minute = 30 + int(600 * (math.ceil(age) - age))
            moment = f"{came}T{minute // 60:02d}:{minute % 60:02d}:00.000000Z"
            day = came - datetime.timedelta(days=self.rng.randint(0, 20))
            yield from ((moment, kind, data) for kind, data in self.letter(letter, count, day))
            left, letter = left - count, letter + 1

    def letter(self, letter: int, count: int, day: datetime.date) -> Iterator[tuple[str, dict[str, Any]]]:
        sha256 = _hash(f"{letter}", 32)
        organ, notation = self.pick(ISSUERS)
        links: list[dict[str, Any]] = []
        reports = self.rng.random() < 0.06
        tasks = [self.task(letter, n, sha256, day, links, reports) for n in range(count)]
        source = self.pick(SOURCES)
        number, _, symbol = source.partition("/")
        yield (
            "received",
            {"document": sha256, "name": f"{letter}.pdf", "media_type": "application/pdf"}
            | {
                "size": 150_000,
                "drop": sha256[-16:],
            },
        )
        page = {"page": 1, "width": 595.0, "height": 842.0, "source": "ocr", "reason": None}
        pages = [page | {"page": p, "words": 300, "confidence": 0.94} for p in range(1, 2 + count // 8)]
        yield "read", {"document": sha256, "reading": sha256, "reader": "1", "pages": pages}
        head = {
            "code_number": str(letter + 1),
            "code_notation": notation,
            "issued_date": day.isoformat(),
            "organ_name": organ,
            "subject": f"Về việc {self.words().lower()}",
            "citations": [{"text": f"số {source}", "number": number, "notation": symbol}, *self.cited()],
            "relations": self.relations(day),
            "misses": self.misses(),
        }
        self.papers = [*self.papers[-499:], (str(letter + 1), notation, organ)]
        yield (
            "extracted",
            {
                "document": sha256,
                "letter": sha256[-16:],
                "representative": True,
                "extractor": "1",
                "letterhead": head,
                "tasks": tasks,
                "changes": [],
                "links": links,
            },
        )
        yield from self.people(tasks, day)
        yield from self.settled(sha256, tasks, links, day)

    def cited(self) -> list[dict[str, Any]]:
        """Citations of up to three letters that came before."""
        return [
            {"text": f"Công văn số {number}/{notation} của {organ}", "number": number, "notation": notation}
            for number, notation, organ in self.aside.sample(
                self.papers, min(len(self.papers), self.aside.randint(0, 3))
            )
        ]

    def relations(self, day: datetime.date) -> list[dict[str, Any]]:
        """What a few letters do to one that came before."""
        if not self.papers or self.aside.random() >= RELATED:
            return []
        number, notation, organ = self.aside.choice(self.papers)
        kind = self.aside.choice(("replaces", "corrects", "withdraws", "extends", "extends"))
        said = {
            "kind": kind,
            "number": number,
            "notation": notation,
            "target": f"{number}/{notation} của {organ}",
            "page": 1,
        }
        if kind == "extends":
            said["until"] = (day + datetime.timedelta(days=90)).isoformat()
        return [said | {"words": f"{organ} cho ý kiến về Công văn số {number}/{notation}"}]

    def misses(self) -> list[dict[str, Any]]:
        """A sentence that may be a task, in some letters."""
        if self.aside.random() >= MISSED:
            return []
        return [
            {
                "text": f"Đề nghị quan tâm {self.aside.choice(SUBJECTS)}",
                "score": 0.4,
                "signs": ["asks"],
                "places": [{"page": 1}],
            }
        ]

    def settled(
        self, sha256: str, tasks: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]], day: datetime.date
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """What people say of the letter's links: new days that they took, links that they confirmed or refused."""
        told = {task["task_id"]: task for task in tasks}
        for link in links:
            due = told[link["task_id"]]["deadline"].get("due_date")
            if due and self.aside.random() < MOVED:
                said = {
                    "task_id": link["other_id"],
                    "moved_to": due,
                    "source": "Văn bản sau",
                    "letter": sha256[-16:],
                }
                yield (
                    "task_state_set",
                    said
                    | {"document": sha256, "page": 1, "dated": day.isoformat(), "other_id": link["task_id"]}
                    | {"because": "deadline_extended", "who": "An"},
                )
            if self.aside.random() < JUDGED:
                verdict = self.aside.choice(("confirmed", "confirmed", "refused"))
                pair = {"task_id": link["task_id"], "other_id": link["other_id"], "verdict": verdict}
                yield "task_link_judged", pair | {"who": "Bình"}

    def task(
        self, letter: int, n: int, sha256: str, day: datetime.date, links: list[dict[str, Any]], reports: bool
    ) -> dict[str, Any]:
        rng = self.rng
        task_id = _hash(f"{letter}/{n}", 8)
        if self.known and rng.random() < REPEATED:
            other_id, document, text, leads = rng.choice(self.known)
            text = f"{rng.choice(HASTE)} {text[0].lower()}{text[1:]}"
            level, confidence = ("exact", 0.98) if rng.random() < 0.5 else ("likely", 0.95)
            link = {"task_id": task_id, "other_id": other_id, "other_document": document, "level": level}
            if document != sha256:
                links.append(link | {"confidence": confidence, "reasons": ["like_wording", "same_leads"]})
        else:
            text = self.words()
            leads = list(
                dict.fromkeys(self.pick(LEADS) for _ in range(rng.choices((0, 1, 2, 3), (4, 80, 12, 4))[0]))
            )
            if len(self.known) < 5000:
                self.known.append((task_id, sha256, text, leads))
            else:
                self.known[rng.randrange(5000)] = (task_id, sha256, text, leads)
        sure = round(rng.betavariate(9, 1), 4)
        page = 1 + n // 8
        return {
            "task_id": task_id,
            "ordinal": n + 1,
            "status": "current",
            "text": text,
            "leads": [{"name": lead, "kind": "ministry", "via": "alias"} for lead in leads],
            "coops": [
                {"name": self.pick(LEADS), "role": "coop", "via": "alias"} for _ in range(rng.randint(0, 2))
            ],
            "deadline": self.deadline(day),
            "source_doc": self.pick(SOURCES) if rng.random() < 0.4 else None,
            "modality": "proposed" if rng.random() < 0.05 else "assigned",
            "section": ["II. NHIỆM VỤ"],
            "concerns_us": rng.choices(("no", "collective", "named", "excluded"), (78, 12, 9, 1))[0],
            "reported": rng.choice(("not_done_late", "done_in_time", "done_late")) if reports else None,
            "progress": self.aside.choice(HOW_FAR) if reports and self.aside.random() < 0.5 else None,
            "confidence": {"text": sure, "lead": sure, "deadline": sure, "overall": round(sure**3, 4)},
            "reasons": ["several_leads"] if len(leads) > 1 else [],
            "places": [
                {"field": "text", "block": n, "start": 0, "end": len(text), "page": page}
                | {"box": [72.0, 80.0 + 80 * (n % 8), 520.0, 140.0 + 80 * (n % 8)]}
            ],
        }

    def deadline(self, day: datetime.date) -> dict[str, Any]:
        due = day + datetime.timedelta(days=int(self.rng.expovariate(1 / 60)) + 5)
        shown = {"date": due.isoformat(), "due_date": due.isoformat()}
        match self.rng.choices(("date", "month", "recurring", "relative", "none"), (50, 15, 6, 4, 25))[0]:
            case "date":
                return {
                    "kind": "date",
                    "text": f"trước ngày {due:%d/%m/%Y}",
                    "relation": "before",
                    "grain": "day",
                } | shown
            case "month":
                last = (due.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(
                    days=1
                )
                shown = {"date": last.isoformat(), "due_date": last.isoformat()}
                return {
                    "kind": "month",
                    "text": f"trong tháng {last:%m/%Y}",
                    "relation": "within",
                    "grain": "month",
                } | shown
            case "recurring":
                words = self.rng.choice(("hằng tháng", "hằng quý", "trước ngày 25 hằng tháng", "thường xuyên"))
                first = None if words == "thường xuyên" else (day.replace(day=25) + datetime.timedelta(days=31))
                return {
                    "kind": "recurring",
                    "text": words,
                    "due_date": first and first.isoformat(),
                    "recurs": days(words),
                }
            case "relative":
                return {"kind": "relative", "text": "sau khi Luật có hiệu lực", "relation": "event"}
            case _:
                return {"kind": "none"}

    def people(self, tasks: Sequence[dict[str, Any]], day: datetime.date) -> Iterator[tuple[str, dict[str, Any]]]:
        """What people say of a letter's tasks: some are done, some corrected."""
        for task in tasks:
            if self.rng.random() < DONE:
                done = day + datetime.timedelta(days=self.rng.randint(10, 90))
                if done <= self.until:
                    state = {"task_id": task["task_id"], "state": "done", "done_on": done.isoformat(), "who": "An"}
                    yield "task_state_set", state
            if self.rng.random() < CORRECTED:
                field = self.rng.choice(("lead", "lead", "deadline", "review", "office_due_date"))
                new = (day + datetime.timedelta(days=50)).isoformat()
                value: Any = {"lead": [self.pick(LEADS)], "review": "accepted", "office_due_date": new}.get(field)
                if field == "deadline":
                    value = {"kind": "date", "date": new, "text": new, "due_date": new}
                seen = {"kind": "none", "date": None, "text": None} if field == "deadline" else None
                said = {"task_id": task["task_id"], "field": field, "seen": seen, "value": value, "who": "Bình"}
                yield "corrected", said

    def words(self) -> str:
        """A task's text, as long and as varied as real ones."""
        rng = self.rng
        place = " ".join(rng.sample(SYLLABLES, 2))
        words = f"{rng.choice(VERBS)} {rng.randint(2, 400)} {rng.choice(SUBJECTS)} {rng.choice(ASPECTS)}"
        words += f" tại xã {place}"
        if rng.random() < 0.5:
            words += f", lồng ghép với {rng.choice(SUBJECTS)} ở {' '.join(rng.sample(SYLLABLES, 2))}"
        if rng.random() < 0.3:
            words += f"; tổng hợp khó khăn, vướng mắc về {rng.choice(SUBJECTS)}, báo cáo cấp có thẩm quyền xem xét"
        return words

    def pick(self, pool: Any) -> Any:
        """One of `pool`, the first far more often than the last."""
        return self.rng.choices(pool, cum_weights=self.weights[pool])[0]


def _hash(name: str, size: int) -> str:
    """As hashes of files and ids of tasks are: in no order, so that none stands beside those of its time."""
    return hashlib.blake2b(name.encode(), digest_size=size).hexdigest()


def _falling(pool: Sequence[Any]) -> list[float]:
    """Cumulative weights that fall as one over the rank (Zipf)."""
    return list(accumulate(1 / rank for rank in range(1, len(pool) + 1)))


def main() -> None:
    """Write the journal of a new home."""
    parser = argparse.ArgumentParser(prog="python -m samples.registers", description=__doc__)
    parser.add_argument("home", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--tasks-a-letter", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    a = parser.parse_args()
    if a.home.exists():
        parser.error(f"{a.home} is there already")
    write(a.home / "journal", a.tasks, a.tasks_a_letter, a.seed)


if __name__ == "__main__":
    main()
