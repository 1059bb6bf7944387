"""Deadlines: the catalogue of wordings, near misses, cells, choice, due dates, and the rules' own examples."""

import datetime
import time
import tomllib
from pathlib import Path

import pytest

from extractors import deadlines, recurrence, time_expressions
from extractors.deadlines import DeadlineContext
from models import Deadline, Office

DATA = tomllib.loads((Path(deadlines.__file__).parent / "data" / "deadlines.toml").read_text("utf-8"))
ISSUED = datetime.date(2025, 4, 15)
LETTER = DeadlineContext(issued=ISSUED, arrived=datetime.date(2025, 4, 17))


def meaning(deadline: Deadline) -> str:
    """`kind relation grain anchor date reason`, the parts that there are."""
    parts = (
        deadline.kind,
        deadline.relation != "none" and deadline.relation,
        deadline.grain,
        deadline.anchor and f"@{deadline.anchor}",
        deadline.date and deadline.date.isoformat(),
        deadline.reason and f"({deadline.reason})",
    )
    return " ".join(str(part) for part in parts if part)


# ---------------------------------------------------------------- the catalogue, in sentences

SENTENCES = [
    # 1 day before, numeric
    ("Sở A gửi báo cáo trước ngày 30/6/2025.", "trước ngày 30/6/2025", "date before day 2025-06-30"),
    # 2 day before, in words
    ("gửi về Sở trước ngày 30 tháng 6 năm 2025", "trước ngày 30 tháng 6 năm 2025", "date before day 2025-06-30"),
    # 3 a word of completion is no part of the quotation
    ("rà soát dữ liệu, hoàn thành trước 30/6/2025", "trước 30/6/2025", "date before day 2025-06-30"),
    ("kiểm kê kho, xong trước ngày 30/6/2025", "trước ngày 30/6/2025", "date before day 2025-06-30"),
    # what is to come, and its day
    (
        "rà soát đường truyền trước ngày bầu cử, ngày 15 tháng 6 năm 2025",
        "trước ngày bầu cử, ngày 15 tháng 6 năm 2025",
        "date before day 2025-06-15",
    ),
    # 4 at the latest
    ("nộp hồ sơ chậm nhất là ngày 20/5/2025", "chậm nhất là ngày 20/5/2025", "date by day 2025-05-20"),
    ("nộp hồ sơ muộn nhất vào ngày 20/5/2025", "muộn nhất vào ngày 20/5/2025", "date by day 2025-05-20"),
    ("nộp hồ sơ không muộn hơn ngày 20/5/2025", "không muộn hơn ngày 20/5/2025", "date by day 2025-05-20"),
    # 5 inclusive end
    ("duy trì chốt trực đến hết ngày 31/12/2025", "đến hết ngày 31/12/2025", "date by day 2025-12-31"),
    ("nộp bài trước khi kết thúc ngày 31/12/2025", "trước khi kết thúc ngày 31/12/2025", "date by day 2025-12-31"),
    # 6 on the day
    ("trả lời trong ngày 20/5/2025", "trong ngày 20/5/2025", "date on day 2025-05-20"),
    ("trả lời ngay trong ngày 20/5/2025", "ngay trong ngày 20/5/2025", "date on day 2025-05-20"),
    # 7, 8, 9 hours in three forms
    ("gửi trước 17h00 ngày 20/5/2025", "trước 17h00 ngày 20/5/2025", "date before hour 2025-05-20"),
    ("gửi trước 17 giờ ngày 20/5/2025", "trước 17 giờ ngày 20/5/2025", "date before hour 2025-05-20"),
    (
        "gửi trước 17 giờ 00 phút, ngày 20 tháng 5 năm 2025",
        "trước 17 giờ 00 phút, ngày 20 tháng 5 năm 2025",
        "date before hour 2025-05-20",
    ),
    # an hour of today or tomorrow, the day behind it; near miss: the day of something that happens
    ("gửi trước 17 giờ hôm nay", "trước 17 giờ hôm nay", "date before hour 2025-04-15 (relative_to_letter)"),
    ("gửi trước 17 giờ ngày mai", "trước 17 giờ ngày mai", "date before hour 2025-04-16 (relative_to_letter)"),
    (
        "công bố tình huống ngay trong sáng nay",
        "ngay trong sáng nay",
        "date on day 2025-04-15 (relative_to_letter)",
    ),
    # 10 month in three forms
    ("Hoàn thành trong tháng 10/2025.", "trong tháng 10/2025", "month within month 2025-10-31"),
    ("Hoàn thành tháng 10 năm 2025.", "tháng 10 năm 2025", "month within month 2025-10-31"),
    ("Hoàn thành trong T10/2025.", "trong T10/2025", "month within month 2025-10-31"),
    # 11 two months
    (
        "kiểm tra trong tháng 11, tháng 12 năm 2025",
        "trong tháng 11, tháng 12 năm 2025",
        "date within span 2025-12-31",
    ),
    # 12 to 16 parts of a month (Civil Code art. 146)
    ("tổ chức vào đầu tháng 6/2025", "vào đầu tháng 6/2025", "date on day 2025-06-01 (part_of_period)"),
    ("tổ chức vào giữa tháng 5/2025", "vào giữa tháng 5/2025", "date on day 2025-05-15 (part_of_period)"),
    ("xong trong trung tuần tháng 5", "trong trung tuần tháng 5", "date on day 2025-05-20 (letters_year)"),
    ("trình trong nửa đầu tháng 7/2025", "trong nửa đầu tháng 7/2025", "date on day 2025-07-15 (part_of_period)"),
    ("trình vào cuối tháng 5/2025", "vào cuối tháng 5/2025", "month on month 2025-05-31"),
    ("hoàn thành trong hạ tuần tháng 5", "trong hạ tuần tháng 5", "month within month 2025-05-31 (letters_year)"),
    (
        "khai trương trong tuần đầu tháng 7/2025",
        "trong tuần đầu tháng 7/2025",
        "date on day 2025-07-07 (part_of_period)",
    ),
    (
        "họp trong tuần thứ hai tháng 7/2025",
        "trong tuần thứ hai tháng 7/2025",
        "date on day 2025-07-14 (part_of_period)",
    ),
    # 17 to 20 quarters
    ("hoàn thành trong Quý II/2025", "trong Quý II/2025", "quarter within quarter 2025-06-30"),
    # a plan still to be made has no title: the year is when it is to be there
    ("xây dựng kế hoạch chi tiết trong năm 2026", "trong năm 2026", "year within year 2026-12-31"),
    ("hoàn thành trong quý 2 năm 2025", "trong quý 2 năm 2025", "quarter within quarter 2025-06-30"),
    ("hoàn thành Q.II/2025", "Q.II/2025", "quarter within quarter 2025-06-30"),
    ("hoàn thành trong QII-2025", "trong QII-2025", "quarter within quarter 2025-06-30"),
    ("thực hiện trong quý II, III/2025", "trong quý II, III/2025", "date within span 2025-09-30"),
    ("thực hiện trong Quý III - IV/2025", "trong Quý III - IV/2025", "date within span 2025-12-31"),
    ("xử lý xong trong quý III", "trong quý III", "quarter within quarter 2025-09-30 (letters_year)"),
    ("giải ngân đến hết quý III", "đến hết quý III", "quarter by quarter 2025-09-30 (letters_year)"),
    ("khởi động vào đầu quý IV", "vào đầu quý IV", "date on day 2025-10-01 (letters_year)"),
    # 21 to 23 halves and runs of months
    ("hoàn thành trong 6 tháng đầu năm 2025", "trong 6 tháng đầu năm 2025", "date within half 2025-06-30"),
    ("hoàn thành trong nửa đầu năm 2026", "trong nửa đầu năm 2026", "date within half 2026-06-30"),
    ("hoàn thành trong 6 tháng cuối năm 2025", "trong 6 tháng cuối năm 2025", "date within half 2025-12-31"),
    ("hoàn thành trong 9 tháng đầu năm", "trong 9 tháng đầu năm", "date within span 2025-09-30 (letters_year)"),
    # 24 to 28 years
    (
        "điều tra xã hội học, công bố kết quả trong tháng 11/2025",
        "trong tháng 11/2025",
        "month within month 2025-11-30",
    ),
    (
        "bàn giao hài cốt đã rõ danh tính trong tháng 6 năm 2025",
        "trong tháng 6 năm 2025",
        "month within month 2025-06-30",
    ),
    ("cấp xong hóa chất trước 23 tháng Chạp", "trước 23 tháng Chạp", "relative before @event"),
    ("nghiên cứu mô hình, trình Thủ tướng Chính phủ năm 2027", "năm 2027", "year within year 2027-12-31"),
    ("hoàn thành trong năm 2025", "trong năm 2025", "year within year 2025-12-31"),
    ("kết nối hết đến hết năm 2025", "đến hết năm 2025", "year by year 2025-12-31"),
    ("xử lý đến cuối năm 2025", "đến cuối năm 2025", "year by year 2025-12-31"),
    ("xử lý dứt điểm đến cuối năm", "đến cuối năm", "year by year 2025-12-31 (letters_year)"),
    ("vận hành vào đầu năm 2026", "vào đầu năm 2026", "date on day 2026-01-01 (part_of_period)"),
    ("đến năm 2030 số hóa toàn bộ sổ gốc", "đến năm 2030", "year by year 2030-12-31"),
    ("hoàn thành giai đoạn 2026-2030", "giai đoạn 2026-2030", "date within span 2030-12-31"),
    # 30 to 36 periods
    (
        "trả lời trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản này.",
        "trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản này",
        "relative within day @received",
    ),
    (
        "ban hành quy chế trong thời hạn 15 ngày kể từ ngày ký ban hành",
        "trong thời hạn 15 ngày kể từ ngày ký ban hành",
        "relative within day @issued",
    ),
    (
        "trình trong thời hạn 15 ngày kể từ ngày Kế hoạch này được ban hành",
        "trong thời hạn 15 ngày kể từ ngày Kế hoạch này được ban hành",
        "relative within day @issued",
    ),
    # another paper, which is still to come: no day can be computed
    (
        "chi trả trong thời hạn 20 ngày kể từ ngày quyết định hỗ trợ được ban hành",
        "trong thời hạn 20 ngày kể từ ngày quyết định hỗ trợ được ban hành",
        "relative within day @event",
    ),
    (
        "khởi công trong thời hạn 20 ngày kể từ ngày ký hợp đồng",
        "trong thời hạn 20 ngày kể từ ngày ký hợp đồng",
        "relative within day @event",
    ),
    ("thẩm định không quá 10 ngày", "không quá 10 ngày", "relative within day"),
    ("thẩm định tối đa 10 ngày", "tối đa 10 ngày", "relative within day"),
    (
        "báo cáo chậm nhất 02 ngày làm việc sau khi kết thúc hội nghị",
        "chậm nhất 02 ngày làm việc sau khi kết thúc hội nghị",
        "relative within day @event",
    ),
    (
        "sau 03 tháng kể từ ngày Nghị quyết có hiệu lực, Sở A trình phương án",
        "sau 03 tháng kể từ ngày Nghị quyết có hiệu lực",
        "relative within month @effective",
    ),
    ("khắc phục trong 24 giờ", "trong 24 giờ", "relative within hour"),
    ("khắc phục trong vòng 48 giờ", "trong vòng 48 giờ", "relative within hour"),
    (
        "gửi tài liệu trước ngày họp ít nhất 10 ngày",
        "trước ngày họp ít nhất 10 ngày",
        "relative before day @event",
    ),
    (
        "thông báo trước 15 ngày so với ngày khởi công",
        "trước 15 ngày so với ngày khởi công",
        "relative before day @event",
    ),
    (
        "gửi tài liệu ít nhất 02 ngày làm việc trước khi họp",
        "ít nhất 02 ngày làm việc trước khi họp",
        "relative before day @event",
    ),
    ("chấm dứt đốt rơm rạ ngay trong mùa khô này", "ngay trong mùa khô này", "relative event @event"),
    # what happens anyway is a moment, whatever the task
    ("nói chuyện dưới cờ trước khi nghỉ hè", "trước khi nghỉ hè", "relative before @event"),
    ("bố trí kinh phí trước khi giao chỉ tiêu", "trước khi giao chỉ tiêu", "relative before @event"),
    ("lực lượng có mặt trước 04h30 ngày giao quân", "trước 04h30 ngày giao quân", "relative before @event"),
    ("tham mưu tổng kết vào cuối nhiệm kỳ", "vào cuối nhiệm kỳ", "relative event @event"),
    ("đưa vào dạy ngay trong học kỳ I", "ngay trong học kỳ I", "relative event @event"),
    # 37 to 42 what recurs
    (
        "báo cáo định kỳ hằng tháng (trước ngày 25)",
        "báo cáo định kỳ hằng tháng (trước ngày 25)",
        "recurring recurring",
    ),
    ("nộp số liệu trước ngày 25 hằng tháng", "trước ngày 25 hằng tháng", "recurring recurring"),
    ("gửi báo cáo trước mùng 5 hằng tháng", "trước mùng 5 hằng tháng", "recurring recurring"),
    (
        "gửi báo cáo trước ngày 20 tháng 6 và ngày 20 tháng 12 hằng năm",
        "trước ngày 20 tháng 6 và ngày 20 tháng 12 hằng năm",
        "recurring recurring",
    ),
    ("gửi số liệu trước 16h hằng ngày", "trước 16h hằng ngày", "recurring recurring"),
    # the hour behind the period, in brackets, or several: none is that of the letter's day
    ("hằng ngày, trước 16 giờ 00, gửi số liệu", "hằng ngày, trước 16 giờ 00", "recurring recurring"),
    ("gửi số liệu hằng ngày (trước 17 giờ)", "hằng ngày (trước 17 giờ)", "recurring recurring"),
    (
        "định kỳ hằng ngày lúc 7 giờ và 17 giờ báo cáo",
        "định kỳ hằng ngày lúc 7 giờ và 17 giờ",
        "recurring recurring",
    ),
    ("gửi mỗi ngày 02 lần (trước 6h00 và 16h00)", "mỗi ngày 02 lần (trước 6h00 và 16h00)", "recurring recurring"),
    (
        "mỗi ngày báo cáo một lần trước 16 giờ",
        "mỗi ngày báo cáo một lần trước 16 giờ",
        "recurring recurring",
    ),
    (
        "công bố, định kỳ thứ Sáu tuần cuối của tháng, tỷ lệ hồ sơ",
        "định kỳ thứ Sáu tuần cuối của tháng",
        "recurring recurring",
    ),
    ("họp vào thứ Hai đầu tiên của tháng", "vào thứ Hai đầu tiên của tháng", "recurring recurring"),
    (
        "gửi chậm nhất ngày làm việc thứ hai của tháng kế tiếp",
        "chậm nhất ngày làm việc thứ hai của tháng kế tiếp",
        "recurring recurring",
    ),
    ("cứ 03 giờ phát một bản tin", "cứ 03 giờ", "recurring recurring"),
    (
        "hằng quý, trước ngày 20 của tháng cuối quý",
        "hằng quý, trước ngày 20 của tháng cuối quý",
        "recurring recurring",
    ),
    ("nộp vào ngày 15 tháng cuối quý", "vào ngày 15 tháng cuối quý", "recurring recurring"),
    (
        "sơ kết định kỳ 6 tháng, năm (trước 15/6 và 10/12)",
        "định kỳ 6 tháng, năm (trước 15/6 và 10/12)",
        "recurring recurring",
    ),
    ("tổng hợp hằng năm, trước ngày 15/12", "hằng năm, trước ngày 15/12", "recurring recurring"),
    ("giao ban vào thứ Sáu hằng tuần", "vào thứ Sáu hằng tuần", "recurring recurring"),
    ("gửi trước 16h00 thứ Sáu", "trước 16h00 thứ Sáu", "date before hour 2025-04-18 (weekday_after_letter)"),
    # 43 ongoing
    ("Thời gian: thường xuyên.", "thường xuyên", "recurring ongoing"),
    # 44 to 46 events
    (
        "tổ chức tập huấn ngay sau khi phần mềm được nghiệm thu, không để gián đoạn",
        "ngay sau khi phần mềm được nghiệm thu",
        "relative event @event",
    ),
    ("hoàn thành sau khi Luật được thông qua", "sau khi Luật được thông qua", "relative event @event"),
    ("trình Quốc hội tại Kỳ họp thứ 9", "tại Kỳ họp thứ 9", "relative event @event"),
    # 47 a plan named elsewhere, after a word of completion
    (
        "Hoàn thành theo lộ trình tại đề cương đã duyệt.",
        "theo lộ trình tại đề cương đã duyệt",
        "relative event @event",
    ),
    # 48 no year: the letter's, the next where it would be past
    ("gửi trước ngày 01/12", "trước ngày 01/12", "date before day 2025-12-01 (letters_year)"),
    ("gửi trước ngày 20 tháng 6", "trước ngày 20 tháng 6", "date before day 2025-06-20 (letters_year)"),
    ("gửi trước 15/3", "trước 15/3", "date before day 2026-03-15 (next_year)"),
    # 49 counted from the letter, never from today
    ("nộp trước ngày 25 tháng này", "trước ngày 25 tháng này", "date before day 2025-04-25 (relative_month)"),
    ("nộp trước ngày 30/6 tới", "trước ngày 30/6 tới", "date before day 2025-06-30 (letters_year)"),
    ("hoàn thành trong tháng sau", "trong tháng sau", "month within month 2025-05-31 (relative_to_letter)"),
    ("hoàn thành trong tuần tới", "trong tuần tới", "date within span 2025-04-27 (relative_to_letter)"),
    # 50 ranges end at their end
    (
        "ra quân từ ngày 01/7/2025 đến ngày 30/9/2025",
        "từ ngày 01/7/2025 đến ngày 30/9/2025",
        "date from_to span 2025-09-30",
    ),
    ("ra quân trong các ngày 01-15/7/2025", "trong các ngày 01-15/7/2025", "date from_to span 2025-07-15"),
    ("ra quân trong ngày 30/6-15/7/2025", "trong ngày 30/6-15/7/2025", "date from_to span 2025-07-15"),
    # 51 spans of months
    ("kiểm tra trong tháng 6 - 7/2025", "trong tháng 6 - 7/2025", "date within span 2025-07-31"),
    ("kiểm tra trong tháng 6, 7, 8/2025", "trong tháng 6, 7, 8/2025", "date within span 2025-08-31"),
    # 52 slips of typing
    ("hoàn thành trong tháng 6//2025", "trong tháng 6//2025", "month within month 2025-06-30"),
    ("hoàn thành trong tháng 6 /2025", "trong tháng 6 /2025", "month within month 2025-06-30"),
    ("hoàn thành trong 6/2025", "trong 6/2025", "month within month 2025-06-30"),
    # 56 other separators
    ("nộp trước ngày 30.6.2025", "trước ngày 30.6.2025", "date before day 2025-06-30"),
    ("nộp trước ngày 30-6-2025", "trước ngày 30-6-2025", "date before day 2025-06-30"),
    ("nộp trước ngày 30/06/25", "trước ngày 30/06/25", "date before day 2025-06-30"),
    ("nộp trước ngày 30 - 6 - 2025", "trước ngày 30 - 6 - 2025", "date before day 2025-06-30"),
    # 57 numbers in words
    ("xong trong tháng Năm năm 2025", "trong tháng Năm năm 2025", "month within month 2025-05-31"),
    ("xong trong tháng mười hai", "trong tháng mười hai", "month within month 2025-12-31 (letters_year)"),
    ("nộp trước ngày mùng 5 tháng 6 năm 2025", "trước ngày mùng 5 tháng 6 năm 2025", "date before day 2025-06-05"),
    # 58 the day left blank
    (
        "gửi trước ngày      tháng 6 năm 2025",
        "trước ngày      tháng 6 năm 2025",
        "month before month 2025-06-30 (blank_day)",
    ),
    # 60 no such day
    ("gửi trước ngày 31/4/2025", "trước ngày 31/4/2025", "date before day (no_such_day)"),
    # 61 ends of the day
    ("chốt số liệu trước 24h00 ngày 31/12/2025", "trước 24h00 ngày 31/12/2025", "date before hour 2025-12-31"),
    ("chuyển đổi xong trước 0h ngày 01/7/2025", "trước 0h ngày 01/7/2025", "date before hour 2025-07-01"),
    # 62 named days, and seasons as events
    ("chi trả trước Tết Nguyên đán 2026", "trước Tết Nguyên đán 2026", "date before day 2026-02-17"),
    ("sửa chữa xong trước Quốc khánh", "trước Quốc khánh", "date before day 2025-09-02 (letters_year)"),
    ("nâng cấp đê trước mùa mưa bão", "trước mùa mưa bão", "relative event @event"),
    ("cấp sách trước năm học mới", "trước năm học mới", "relative event @event"),
    ("sửa trường lớp trước thời điểm khai giảng", "trước thời điểm khai giảng", "relative before @event"),
    ("ký cam kết trước khi học sinh nghỉ hè", "trước khi học sinh nghỉ hè", "relative before @event"),
    (
        "dập lửa không quá 20 phút kể từ khi có báo động",
        "không quá 20 phút kể từ khi có báo động",
        "relative within hour @event",
    ),
    # 43 all the time, said first
    ("Thường xuyên kiểm tra kho lưu trữ.", "Thường xuyên", "recurring ongoing"),
    ("Nạo vét kênh. Thường xuyên thực hiện.", "Thường xuyên", "recurring ongoing"),
    # every so often
    ("gửi số liệu 06 giờ một lần cho Sở", "06 giờ một lần", "recurring recurring"),
    ("gửi báo cáo trước ngày 20 của tháng", "trước ngày 20 của tháng", "recurring recurring"),
    ("cập nhật hằng tuần trước 10h00 thứ Sáu", "hằng tuần trước 10h00 thứ Sáu", "recurring recurring"),
    ("gửi số liệu vào chiều thứ Năm hăng tuần", "vào chiều thứ Năm hăng tuần", "recurring recurring"),
    # a time in brackets at the end, a part of the day, a month to report in
    ("lập danh mục các chợ tạm (Quý III/2025).", "Quý III/2025", "quarter within quarter 2025-09-30"),
    (
        "gia cố mái trước 15 giờ chiều nay, 20/4",
        "trước 15 giờ chiều nay, 20/4",
        "date before hour 2025-04-20 (letters_year)",
    ),
    ("báo cáo kết quả trong tháng 5/2025", "trong tháng 5/2025", "month within month 2025-05-31"),
    # 65 a deadline put off: the new one
    ("gia hạn đến ngày 30/9/2025", "gia hạn đến ngày 30/9/2025", "date by day 2025-09-30"),
    ("hoàn thành trước 30/9/2025 thay vì 30/6/2025", "trước 30/9/2025", "date before day 2025-09-30"),
    # a label with what is due, and its hour
    ("hạn cuối nộp hồ sơ: 17h00 ngày 10/9/2025", "17h00 ngày 10/9/2025", "date on hour 2025-09-10"),
    # the Party's dates, without a year too
    ("học tập xong trước ngày 1-9", "trước ngày 1-9", "date before day 2025-09-01 (letters_year)"),
    # a year alone, after a word of deadline
    ("xóa hết nhà tạm trước 2030.", "trước 2030", "year before year 2030-12-31"),
    # what recurs by its year, with words between
    (
        "Hằng năm, xã tổng kết phong trào trước ngày 30/11.",
        "Hằng năm, xã tổng kết phong trào trước ngày 30/11",
        "recurring recurring",
    ),
    # marks lost by recognition
    ("Hoàn thanh truoc ngay 30/6/2025", "truoc ngay 30/6/2025", "date before day 2025-06-30"),
    ("gửi châm nhât ngày 30/6/2025", "châm nhât ngày 30/6/2025", "date by day 2025-06-30"),
    # an opening day
    ("khai khẩn trương, khai giảng vào ngày 19/8/2025", "vào ngày 19/8/2025", "date on day 2025-08-19"),
    # an hour alone is of the letter's own day, or of the next
    ("tập kết tại cảng trước 14h30’.", "trước 14h30’", "date before hour 2025-04-15 (relative_to_letter)"),
    ("xong trước 5 giờ sáng mai", "trước 5 giờ sáng mai", "date before hour 2025-04-16 (relative_to_letter)"),
    ("gửi số liệu trước 16 giờ 30 phút hằng ngày", "trước 16 giờ 30 phút hằng ngày", "recurring recurring"),
    # a part of every quarter
    (
        "báo cáo Bộ trong 10 ngày đầu của quý kế tiếp.",
        "trong 10 ngày đầu của quý kế tiếp",
        "recurring recurring",
    ),
    # right after a happening; a day to come at the end of what is reported
    ("họp rút kinh nghiệm ngay sau vụ gặt Hè Thu", "ngay sau vụ gặt Hè Thu", "relative event @event"),
    ("thống kê sản lượng, báo cáo Sở ngày 16/7/2025;", "ngày 16/7/2025", "date on day 2025-07-16"),
    # years to come that end a clause; a half-year within which a plan is put up
    (
        "thử nghiệm mạng cảm biến trong giai đoạn 2027 - 2029.",
        "trong giai đoạn 2027 - 2029",
        "date within span 2029-12-31",
    ),
    (
        "trình Đề án trong 6 tháng đầu năm 2026.",
        "trong 6 tháng đầu năm 2026",
        "date within half 2026-06-30",
    ),
    # the space that a text layer lost
    ("gửi trước 16h00 thứSáu", "trước 16h00 thứSáu", "date before hour 2025-04-18 (weekday_after_letter)"),
    ("gửi trước 16h00 thứNăm", "trước 16h00 thứNăm", "date before hour 2025-04-17 (weekday_after_letter)"),
    # what recurs, with a word before, and by how often
    (
        "định kỳ vào ngày 20 hằng tháng gửi Văn phòng",
        "định kỳ vào ngày 20 hằng tháng",
        "recurring recurring",
    ),
    ("số liệu được báo cáo 2 lần/năm về Bộ", "2 lần/năm", "recurring recurring"),
    # a time that a round of something has; a date behind a word that only sounds like a start
    (
        "chậm nhất kỳ chi trả tháng 10/2025 phải thu xong",
        "chậm nhất kỳ chi trả tháng 10/2025",
        "month by month 2025-10-31",
    ),
    (
        "công bố danh mục còn hiệu lực, hạn chót ngày 10/10/2025",
        "hạn chót ngày 10/10/2025",
        "date by day 2025-10-10",
    ),
    # a time of the day in words; a condition in front is no event to wait for
    (
        "tổ chức tập huấn vào buổi sáng ngày 18/10 tại hội trường",
        "vào buổi sáng ngày 18/10",
        "date on day 2025-10-18 (letters_year)",
    ),
    (
        "Khi có sự cố phải báo trong vòng 02 giờ kể từ khi phát hiện",
        "trong vòng 02 giờ kể từ khi phát hiện",
        "relative within hour @event",
    ),
    # a deadline moved: from a day to a day, or told alone
    (
        "điều chỉnh thời hạn kiểm kê từ ngày 31/5/2025 sang ngày 30/6/2025",
        "từ ngày 31/5/2025 sang ngày 30/6/2025",
        "date from_to span 2025-06-30",
    ),
    ("sửa 19 chợ, thời hạn mới là ngày 30/6/2025", "ngày 30/6/2025", "date on day 2025-06-30"),
    # what is reported stands behind those it is reported to
    (
        "báo cáo Thủ tướng Chính phủ kết quả trong tháng 6/2025.",
        "trong tháng 6/2025",
        "month within month 2025-06-30",
    ),
    # an aside between what is laid before a session and the session
    (
        "trình bổ sung phần kinh phí (58/126 tỷ đồng) tại kỳ họp gần nhất của Hội đồng",
        "tại kỳ họp gần nhất của Hội đồng",
        "relative event @event",
    ),
]


@pytest.mark.parametrize(("sentence", "quoted", "means"), SENTENCES)
def test_finds_the_deadline_of_a_sentence(sentence: str, quoted: str, means: str) -> None:
    found = deadlines.find(sentence, LETTER)
    assert [d.text for d in found] == [quoted]
    assert meaning(found[0]) == means
    assert sentence[found[0].start : found[0].end] == quoted


NO_DEADLINES = [
    "đưa chỉ tiêu vào nghị quyết hằng năm",  # which resolution
    "tuần tra, nhất là từ 22 giờ đến 05 giờ hôm sau",  # hours of every day
    "diện tích người dân đã canh tác ổn định trước năm 2004",
    "xin ý kiến trước khi trình lãnh đạo Bộ",
    "Căn cứ Quyết định số 15/QĐ-BNV ngày 30/6/2025 của Bộ trưởng Bộ Nội vụ",  # a cited document's date
    "thực hiện Nghị quyết số 41-NQ/TW ngày 10 tháng 10 năm 2023",  # the same, in words
    "Quyết định có hiệu lực từ ngày 01/7/2025",  # entry into force
    "áp dụng từ ngày 01/7/2025",  # a start
    "tính đến ngày 30/6/2025, tỉnh có 12 xã đạt chuẩn",  # a reporting date
    "kết quả 9 tháng năm 2025 còn thấp",  # a reporting period
    "ngày 18/2/2025 Quốc hội đã họp",  # history
    "nhân dịp kỷ niệm 80 năm Quốc khánh 2/9",  # an anniversary
    "đạt trên 2/3 số phiếu",  # a fraction
    "theo điểm a khoản 2 Điều 15",  # an article
    "triển khai Kế hoạch phát triển du lịch đến năm 2030",  # a year in the name of a plan
    "Chương trình mục tiêu giai đoạn 2021-2025",  # a span in the name of a programme
    "cập nhật dữ liệu của năm học 2024-2025",  # a school year
    "tổ chức thường xuyên các lớp học",  # an adverb, not a time
    "thời gian biệt phái không quá 06 tháng",  # how long, not by when
    "thí điểm tại ba xã (tháng 3/2025) còn lúng túng",  # a time gone by, in brackets
    "lấy ý kiến trước khi ban hành",  # an order of steps
    "khẩn trương, kịp thời xử lý",  # 44: no date
    "thực hiện theo quy định, theo tiến độ",  # 47: refers elsewhere
    "trong 05 năm qua, xã không có vụ cháy nào",  # a time gone by
    "mở chiến dịch 90 ngày làm sạch dữ liệu",  # a length of time
    "xây dựng kế hoạch kiểm tra hằng năm",  # recurs, but says of the plan
    "sau khi rà soát, đơn vị lập danh sách",  # an order of steps
    "đến nay đã có 20/34 tỉnh kết nối",  # a count
    "Đến ngày 10/3/2025, toàn ngành đã số hóa xong",  # a result
    "theo kết luận của Chủ tịch tại Phiên họp thứ 3",  # a source
    "đến 28/2, tỷ lệ giải ngân đạt 9%",  # a date gone by, without its year
    "hỗ trợ đến 2030 hộ dân",  # a count
    "gọi điện thoại: 0912.30.6.2025 để được hỗ trợ",  # a telephone number
    "trực cứu hộ 24/24 giờ",  # all day long
    "trình Hội đồng nhân dân dự toán năm 2027",  # a year's budget
    "khoanh giữ tài khoản không quá 60 phút",  # how fast, not by when
    "không được lùi thời gian thông xe đến ngày 31/12/2025",  # a day to which nothing is moved
    "nghiệm thu sớm, không để dồn vào cuối năm",  # what is to be avoided
    "báo cáo Sở ngày 16/3/2025;",  # a day gone by
    "niêm yết công khai danh sách tại nhà văn hóa trong 05 ngày",  # for how long
    "lưu giữ 11,4 triệu hồ sơ đã được số hóa trước ngày 01/02/2025",  # what was done by then
    "tăng tần suất đối soát từ 01 tuần/lần lên 01 ngày/lần",  # how often it was, and is to be
    "lập danh mục mượn lại tài liệu đang dùng hằng ngày",  # says of the papers
    "bố trí vốn dự phòng của kế hoạch trung hạn 2026 - 2030 cho dự án",  # the years of a plan
    "hoàn thiện hồ sơ (đã quá hạn 65 ngày), không để chậm thêm",  # how late it is
]


@pytest.mark.parametrize("sentence", NO_DEADLINES)
def test_leaves_other_dates_alone(sentence: str) -> None:
    assert deadlines.find(sentence, LETTER) == ()


def test_a_full_date_does_not_recur() -> None:
    found = deadlines.find("rà soát hằng năm và gửi kết quả trước ngày 30/11/2025", LETTER)
    assert [meaning(d) for d in found] == ["recurring recurring", "date before day 2025-11-30"]


def test_without_the_letters_date_a_verb_behind_a_comma_is_to_be_done() -> None:
    (deadline,) = deadlines.find("hoàn thiện thông tư, ban hành trước ngày 15/5/2026", DeadlineContext())
    assert meaning(deadline).startswith("date before day 2026-05-15")
    assert deadlines.find("thu hồi giấy phép ban hành trước ngày 15/5/2026", DeadlineContext()) == ()


def test_without_the_letters_date_a_missing_year_stays_missing() -> None:
    (deadline,) = deadlines.find("gửi trước ngày 01/12", DeadlineContext())
    assert meaning(deadline) == "date before day (no_year)"


def test_one_word_governs_a_pair_of_dates() -> None:
    found = deadlines.find("báo cáo trước ngày 15/6/2025 và 10/12/2025", LETTER)
    assert [meaning(d) for d in found] == ["date before day 2025-06-15", "date before day 2025-12-10"]


# ---------------------------------------------------------------- cells

CELLS = [
    # a narrow column breaks the year over two lines; near miss: an hour behind a short year
    ("31/12/202 6", "date on day 2026-12-31"),
    ("Trước 30/6/20 26", "date before day 2026-06-30"),
    ("31/12/2025 6 xã", "date on day 2025-12-31"),
    # plain cells need no word of deadline
    ("Tháng 7/2025", "month within month 2025-07-31"),
    ("6/2025", "month within month 2025-06-30"),
    ("Quý II/2025", "quarter within quarter 2025-06-30"),
    ("Năm 2025", "year within year 2025-12-31"),
    ("2024", "year within year 2024-12-31"),
    ("Trước ngày 20/7/25", "date before day 2025-07-20"),
    ("30/6/2025", "date on day 2025-06-30"),
    ("Trong năm 2025 và các năm tiếp theo", "year within year 2025-12-31 (and_later_years)"),
    ("2025-2026", "date within span 2026-12-31"),
    ("Từ năm 2025 đến năm 2030", "date from_to span 2030-12-31"),
    # 53: the second number is over 12
    ("6/30/2025", "date on day 2025-06-30 (month_first)"),
    # 55: values of spreadsheets
    ("2025-06-30 00:00:00", "date on day 2025-06-30"),
    ("45838", "date on day 2025-06-30 (spreadsheet_serial)"),
    ("30-Jun-25", "date on day 2025-06-30"),
    # 43: what goes on, also with a bound
    ("Thường xuyên", "recurring ongoing"),
    ("Thường xuyên trong 9 tháng cuối năm", "recurring ongoing"),
    ("Hằng năm", "recurring recurring"),
    ("Tháng 6 hằng năm", "recurring recurring"),
    ("Định kỳ hàng quý", "recurring recurring"),
    # several dates of completion: the latest
    ("Báo cáo trước 30/6/2025; hoàn thành trước 31/12/2025", "date before day 2025-12-31"),
    # a start is no deadline
    ("Hoàn thành tháng 9/2025, vận hành từ ngày 01/10/2025", "month within month 2025-09-30"),
    # 45: events; 30: periods
    ("Sau khi Nghị định được ban hành", "relative event @event"),
    ("05 ngày kể từ ngày nhận được công văn", "relative within day @received"),
    ("15 ngày làm việc", "relative within day"),
    ("Đang chờ ý kiến", "none (unread)"),
    ("Trong 05 ngày kể từ ngày nhận được công văn", "relative within day @received"),
    # 44, 47: no date
    ("Theo tiến độ", "none (refers_elsewhere)"),
    ("Theo kế hoạch của tỉnh", "none (refers_elsewhere)"),
    ("Khẩn trương", "none (vague)"),
    # 64: as above, for the caller to resolve
    ("Từ tháng 9/2025", "none (start_only)"),
    # 29: a term of office
    ("Nhiệm kỳ 2026-2031", "date within span 2031-12-31"),
    # 27: a goal with an outlook beyond it
    ("Đến năm 2030, tầm nhìn đến năm 2045", "year by year 2030-12-31"),
    ("Thuờng xuyên", "recurring ongoing"),
    ("Thường niên", "recurring recurring"),
    ("Tháng 6 và tháng 12 hàng năm", "recurring recurring"),
    ("Quý III + IV/2025", "date within span 2025-12-31"),
    ("12.2025", "month within month 2025-12-31"),
    ("Đến hết 2026", "year by year 2026-12-31"),
    ("-nt-", "none (same_as_above)"),
    ("nt", "none (same_as_above)"),
    ("Như trên", "none (same_as_above)"),
    ("", "none (blank)"),
    ("-", "none (blank)"),
]


@pytest.mark.parametrize(("cell", "means"), CELLS)
def test_reads_a_cell(cell: str, means: str) -> None:
    assert meaning(deadlines.read_cell(cell, LETTER)) == means


REPAIRS = [
    # 59: slips of recognition are mended and recorded
    ("Quý ll/2025", "2025-06-30", ("ll → II",)),
    ("Quý 11/2025", "2025-06-30", ("11 → II",)),
    ("Tháng 6/2O25", "2025-06-30", ("2O25 → 2025",)),
    ("3O/6/2025", "2025-06-30", ("3O → 30",)),
    ("l5/7/2025", "2025-07-15", ("l5 → 15",)),
    ("thang 6/2025", "2025-06-30", ()),
    # nothing is mended where there is nothing amiss
    ("15/7/2025", "2025-07-15", ()),
]


@pytest.mark.parametrize(("cell", "date", "repairs"), REPAIRS)
def test_mends_slips_of_recognition(cell: str, date: str, repairs: tuple[str, ...]) -> None:
    deadline = deadlines.read_cell(cell, LETTER)
    assert deadline.date is not None
    assert (deadline.date.isoformat(), deadline.repairs) == (date, repairs)


@pytest.mark.parametrize("cell", ["Ol/OO/2025", "lO", "Quý lIlI/2025", "??/6/2025 hoặc"])
def test_guesses_no_digit(cell: str) -> None:
    assert deadlines.read_cell(cell, LETTER).kind in ("none", "month")


@pytest.mark.parametrize(
    ("cells", "month_first"),
    [
        (["6/30/2025", "5/6/2025"], True),  # 54: one cell shows the order for all
        (["30/6/2025", "5/6/2025"], False),  # day first
        (["5/6/2025", "7/8/2025"], False),  # nothing shows it: as usual here
        (["6/30/2025", "30/6/2025"], False),  # both orders in one column: each cell for itself
        (["Tháng 7/2025", "6/15/2025"], True),  # other wordings do not matter
        ([], False),
    ],
)
def test_month_first_column(cells: list[str], month_first: bool) -> None:
    assert deadlines.month_first_column(cells) is month_first


def test_a_month_first_column_reads_every_cell_so() -> None:
    deadline = deadlines.read_cell("5/6/2025", LETTER, month_first=True)
    assert meaning(deadline) == "date on day 2025-05-06 (month_first)"


# ---------------------------------------------------------------- which one is the task's

CHOICES = [
    # 63: completion before a sub-action
    (
        "xây dựng đề án, hoàn thành trong tháng 9/2025, báo cáo Chủ tịch trước ngày 05/10/2025",
        "trong tháng 9/2025",
    ),
    # a trailing bracket of completion
    ("rà soát các khoản chi đến hết quý III/2025 (hoàn thành trong tháng 5/2025)", "trong tháng 5/2025"),
    # the latest of several dates of completion
    ("hoàn thành phê duyệt trước ngày 29/11/2025, hoàn tất kết nối trước 29/5/2026", "trước 29/5/2026"),
    # a mere description gives way
    (
        "lập sổ theo dõi những dự án phải hoàn thành trong năm 2026, gửi Sở trước ngày 24/11/2025",
        "trước ngày 24/11/2025",
    ),
    # alone, even a description counts
    ("dồn sức cho 12 nhiệm vụ cần hoàn thành trong Quý II/2025", "trong Quý II/2025"),
    # a day gone by before one to come, however it is said
    ("bố trí 48 tỷ (Kế hoạch giao xong trước ngày 05/3/2025), trình trước ngày 31/5/2025", "trước ngày 31/5/2025"),
    ("quyết toán 63 dự án hoàn thành trong năm 2024 trước ngày 31/5/2025", "trước ngày 31/5/2025"),
    # the year in which something is, and the day by which it is told; a feast behind the day
    (
        "xác định nhu cầu cát trong năm 2026 (gồm cả đê bao), gửi về Sở trước ngày 28/11/2025",
        "trước ngày 28/11/2025",
    ),
    ("thu nhận 1.600 mẫu trước ngày 12/02/2026 (trước Tết Nguyên đán Bính Ngọ)", "trước ngày 12/02/2026"),
    # the year into which money is carried over
    ("giải ngân hết vốn được kéo dài sang năm 2026 trước ngày 30/6/2025", "trước ngày 30/6/2025"),
    # a date before what recurs
    ("báo cáo hằng tháng; hoàn thành trước ngày 30/9/2025", "trước ngày 30/9/2025"),
]


@pytest.mark.parametrize(("sentence", "quoted"), CHOICES)
def test_chooses_the_tasks_deadline(sentence: str, quoted: str) -> None:
    assert deadlines.choose(deadlines.find(sentence, LETTER)).text == quoted


def test_says_that_it_chose() -> None:
    both = deadlines.find("gửi báo cáo trước ngày 01/6/2025, hoàn thành trước ngày 30/6/2025", LETTER)
    assert deadlines.choose(both).reason == "chosen_of_several"
    assert deadlines.choose(both[:1]).reason is None
    assert deadlines.choose(()) == Deadline()


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Hoàn thành trước ngày 27/11/2025.", "trước ngày 27/11/2025"),
        ("(hoàn thành trong tháng 9/2025)", "trong tháng 9/2025"),
        ("Thời hạn hoàn thành: trước ngày 30/6/2025.", "trước ngày 30/6/2025"),
        ("Hoàn thành biên bản trong ngày 24/11/2025.", "trong ngày 24/11/2025"),
        ("Thời gian thực hiện: Quý III/2025;", "Quý III/2025"),
        ("(vi) Thời hạn: Quý IV/2025", "Quý IV/2025"),
        # says what to do as well
        ("Hoàn thành trước ngày 27/11/2025, bàn giao đất trước ngày 30/9/2025.", None),
        ("Báo cáo Chủ tịch trước ngày 27/11/2025.", None),
        ("Hằng năm, xã tổng kết phong trào trước ngày 30/11.", None),
        ("Tổ chức lễ ra mắt trước ngày 27/11/2025.", None),
        ("Hoàn thành trước ngày 27/11/2025 và vận hành thử tại ba xã.", None),
        ("Hoàn thành tốt nhiệm vụ.", None),
    ],
)
def test_only_deadline(text: str, quoted: str | None) -> None:
    deadline = deadlines.only_deadline(text, LETTER)
    assert (deadline and deadline.text) == quoted


@pytest.mark.parametrize(
    ("heading", "date"),
    [
        ("b) Nhiệm vụ tháng 9/2025:", "2025-09-30"),
        ("b) Nhiệm vụ tháng 5 và tháng 6/2025:", "2025-06-30"),
        ("Các nhiệm vụ hoàn thành trong quý III/2025", "2025-09-30"),
        ("Nhóm nhiệm vụ hoàn thành trước 30/9/2025", "2025-09-30"),
        # what was done, or is overdue, has no deadline to hand down
        ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ THÁNG 8/2025", None),
        ("DANH MỤC NHIỆM VỤ QUÁ HẠN ĐẾN HẾT THÁNG 7/2025", None),
        ("Nhiệm vụ và giải pháp", None),
        # the period a report looks ahead to
        ("2. Nhiệm vụ trọng tâm Quý III/2025", None),
        # a year is too long a time but over a table
        ("C. CÁC NHIỆM VỤ NĂM 2026", None),
        ("II. NHIỆM VỤ 6 THÁNG CUỐI NĂM 2025", None),
    ],
)
def test_heading_deadline(heading: str, date: str | None) -> None:
    deadline = deadlines.heading_deadline(heading, LETTER)
    assert (deadline and deadline.date and deadline.date.isoformat()) == date


def test_a_year_over_a_table_is_its_deadline() -> None:
    deadline = deadlines.heading_deadline("C. CÁC NHIỆM VỤ NĂM 2026", LETTER, of_table=True)
    assert deadline is not None
    assert deadline.date == datetime.date(2026, 12, 31)


# ---------------------------------------------------------------- due dates

DUE = [
    # working days: 26/4 is worked for 2/5, holidays 30/4 to 2/5 (conventions section 4)
    ("trong vòng 05 ngày làm việc kể từ ngày ký", "2025-04-24", None, "2025-05-05"),
    # the day of receipt anchors it
    ("trong thời hạn 15 ngày kể từ ngày nhận được văn bản", "2025-04-15", "2025-04-17", "2025-05-05"),
    # no stamp, no date
    ("trong thời hạn 15 ngày kể từ ngày nhận được văn bản", "2025-04-15", None, None),
    # months: the month's last day, moved on from a Saturday (art. 148)
    ("trong thời hạn 01 tháng kể từ ngày ban hành", "2025-01-31", None, "2025-02-28"),
    ("trong thời hạn 02 tháng kể từ ngày ban hành", "2025-03-31", None, "2025-06-02"),
    # hours
    ("trong vòng 48 giờ", "2025-04-15", None, "2025-04-17"),
    # what an event starts has no date yet
    ("chậm nhất 02 ngày làm việc sau khi kết thúc hội nghị", "2025-04-15", "2025-04-17", None),
    # the next occurrence of what recurs
    ("trước ngày 25 hằng tháng", "2025-04-15", None, "2025-04-25"),
    ("trước ngày 10 hằng tháng", "2025-04-15", None, "2025-05-10"),
    ("hằng quý, trước ngày 20 của tháng cuối quý", "2025-04-15", None, "2025-06-20"),
    ("hằng năm, trước ngày 15/12", "2025-12-20", None, "2026-12-15"),
    ("định kỳ 6 tháng, năm (trước 15/6 và 10/12)", "2025-06-20", None, "2025-12-10"),
    ("thứ Sáu hằng tuần", "2025-04-18", None, "2025-04-25"),
    ("định kỳ hàng tháng", "2025-04-15", None, "2025-04-30"),
    ("trước mùng 5 hằng tháng", "2025-04-15", None, "2025-05-05"),
    # a weekday of a month is no day that can be counted on
    ("định kỳ thứ Sáu tuần cuối của tháng", "2025-04-15", None, None),
    ("vào ngày làm việc cuối cùng của tháng", "2025-04-15", None, None),
    # nor which of the weeks it is, where it is not every one
    ("2 tuần/lần", "2025-04-15", None, None),
    ("định kỳ hai tuần một lần", "2025-04-15", None, None),
    ("01 tuần/lần", "2025-04-15", None, "2025-04-18"),
    # the first days of a period: the last of them
    ("trong 10 ngày đầu của quý kế tiếp", "2025-04-15", None, "2025-07-10"),
    ("trong 05 ngày đầu của tháng sau", "2025-04-15", None, "2025-05-05"),
]


@pytest.mark.parametrize(("text", "issued", "arrived", "due"), DUE)
def test_due_date(text: str, issued: str, arrived: str | None, due: str | None) -> None:
    context = DeadlineContext(
        issued=datetime.date.fromisoformat(issued),
        arrived=datetime.date.fromisoformat(arrived) if arrived else None,
    )
    (deadline,) = deadlines.find(f"gửi báo cáo {text}", context)
    computed = deadlines.due(deadline, context)
    assert (computed.due_date and computed.due_date.isoformat()) == due


@pytest.mark.parametrize(
    ("words", "turns"),
    [
        ("hằng quý, từ quý II/2026", ("03-31", "06-31", "09-31", "12-31")),
        ("định kỳ hằng quý, bắt đầu từ quý III", ("03-31", "06-31", "09-31", "12-31")),
        ("quý II hằng năm", ("06-31",)),
        ("thứ Sáu hằng tuần, từ ngày 15/11/2025", ("W5",)),
        ("Trước 25 hằng quý", ("03-31", "06-31", "09-31", "12-31")),
        ("Trước 25 hàng tháng", tuple(f"{month:02d}-25" for month in range(1, 13))),
    ],
)
def test_from_when_on_it_recurs_is_no_turn(words: str, turns: tuple[str, ...]) -> None:
    assert recurrence.days(words) == turns


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ("Hằng quý, từ quý II/2026", "2026-06-30"),
        ("Hằng tháng, từ tháng 3/2026", "2026-03-31"),
        ("Hằng quý, từ quý II/2025", "2025-12-31"),
        ("Hằng quý", "2025-12-31"),
    ],
)
def test_the_first_turn_is_not_before_it_recurs(cell: str, due: str) -> None:
    context = DeadlineContext(issued=datetime.date(2025, 11, 20))
    assert str(deadlines.due(deadlines.read_cell(cell, context), context).due_date) == due


@pytest.mark.parametrize(
    ("after", "due"),
    [
        # for a time whose end nobody names here
        (" trong thời gian cao điểm (từ ngày 15/11/2025)", None),
        (", trong suốt đợt ra quân", None),
        ("", "2025-04-18"),
        (" trong giờ hành chính", "2025-04-18"),
        ("; không để xảy ra ùn tắc trong thời gian cao điểm", "2025-04-18"),
    ],
)
def test_what_recurs_for_a_time_has_no_day_that_goes_on(after: str, due: str | None) -> None:
    context = DeadlineContext(issued=datetime.date(2025, 4, 15))
    sentence = f"Sở A gửi báo cáo vào thứ Sáu hằng tuần{after}."
    deadline = deadlines.choose(deadlines.find(sentence, context))
    computed = deadlines.due(deadline, context, sentence)
    assert (computed.kind, computed.due_date and computed.due_date.isoformat()) == ("recurring", due)
    assert (computed.reason == "no_end") == (due is None)


def test_an_hour_is_kept() -> None:
    (deadline,) = deadlines.find("gửi trước 17h30 ngày 20/5/2025", LETTER)
    assert deadlines.due(deadline, LETTER).due_time == datetime.time(17, 30)


@pytest.mark.parametrize(("includes", "due"), [(True, 25), (False, 24)])
def test_before_a_day_is_a_setting(includes: bool, due: int) -> None:
    context = DeadlineContext(issued=ISSUED, office=Office(before_includes_day=includes))
    (deadline,) = deadlines.find("gửi trước ngày 25/9/2025", context)
    computed = deadlines.due(deadline, context)
    assert computed.date == datetime.date(2025, 9, 25)
    assert computed.due_date == datetime.date(2025, 9, due)


@pytest.mark.parametrize(
    ("day", "office", "working"),
    [
        ("2025-04-26", {}, True),  # a Saturday worked in exchange
        ("2025-05-02", {}, False),  # the day off it was exchanged for
        ("2025-05-03", {}, False),  # a Saturday
        ("2025-05-05", {}, True),  # a Monday
        ("2025-05-05", {"2025-05-05": False}, False),  # the office's own calendar
        ("2026-11-24", {}, True),  # not confirmed as a day off
    ],
)
def test_working_days(day: str, office: dict[str, bool], working: bool) -> None:
    assert deadlines.is_working_day(datetime.date.fromisoformat(day), Office(holidays=office)) is working


# ---------------------------------------------------------------- the data


@pytest.mark.parametrize("rule", DATA["rule"], ids=lambda rule: rule["id"])
def test_every_rule_reads_its_example_and_not_its_near_miss(rule: dict[str, object]) -> None:
    example, kind, date = rule["is"]  # type: ignore[misc]
    reader = time_expressions.Reader(ISSUED)
    hits = [d for d in time_expressions.scan(example, reader) if d.rule == rule["id"]]
    assert [(d.kind, d.date.isoformat() if d.date else "") for d in hits] == [(kind, date)]
    assert all(d.rule != rule["id"] for d in time_expressions.scan(str(rule["not"]), reader))


@pytest.mark.parametrize("swallow", DATA["swallow"], ids=lambda rule: rule["id"])
def test_every_swallow_swallows_its_example(swallow: dict[str, str]) -> None:
    assert list(time_expressions.scan(swallow["example"], time_expressions.Reader(ISSUED))) == []


def test_rule_ids_are_unique_and_have_builders() -> None:
    ids = [rule["id"] for rule in DATA["rule"]]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(time_expressions.BUILDERS)


@pytest.mark.parametrize(
    "unit",
    ["trước ngày ", "tháng 6, ", "định kỳ 6 tháng ", "ngày 1/1/", "1-", "quý I, ", "    ", "trong 5 ngày kể từ "],
)
def test_hostile_text_costs_linear_work(unit: str) -> None:
    short, long = unit * (20_000 // len(unit)), unit * (80_000 // len(unit))

    def once(text: str) -> float:
        started = time.process_time()
        deadlines.find(text, LETTER)
        return time.process_time() - started

    def cost(text: str) -> float:
        # The least of a few runs: the others had something else going on beside them.
        return min(once(text) for _ in range(4))

    # Four times the text; a quadratic rule would cost sixteen times.
    assert cost(long) < 9 * max(cost(short), 0.02)
