"""Whether a sentence tells what had been assigned, and how far it is by now: how things are, and no task.

`Kế hoạch giao … hoàn thành trước ngày …, đến nay mới đạt 78%`, `Công văn số … yêu cầu …; đến nay chưa có báo cáo`.
What is demanded after that, in the same sentence or the next, is the task.
"""

import re

from extractors import citations
from extractors.phrases import fold

_LETTER = (
    r"(?:□{1,200}|kế hoạch|công văn|công điện|chỉ thị|thông báo|kết luận|quyết định|nghị quyết|văn bản"
    r"|chương trình|đề án|tờ trình)"
)
# What had been assigned: by a letter, by somebody in a letter, to a body.
_ASSIGNED = re.compile(
    rf"(?:(?:tại|theo|trong) )?{_LETTER}(?!\w)[^;]{{0,200}}?(?<!\w)"
    r"(?:giao|yêu cầu|đề nghị|chỉ đạo|quy định|phân công|đặt ra|xác định|nêu rõ|phải|cần)(?!\w)"
    rf"|[^;:]{{3,200}}?(?<!\w)(?:được|đã) (?:giao|yêu cầu|đề nghị|chỉ đạo|phân công|có {_LETTER})(?!\w)"
    r"|(?:việc|nhiệm vụ|nội dung) [^;:]{3,200}? giao(?!\w)"
)
_SO_FAR = re.compile(
    r"(?:[,;.] (?:(?:tuy nhiên|nhưng|song),? )?|\s(?:nhưng|song),? )(?:cho )?"
    r"(?:đến nay|tới nay|hiện nay|hiện|đến thời điểm (?:này|hiện tại|báo cáo)"
    r"|tính đến [^,;]{2,30}|đến (?:hết )?(?:ngày |tháng |quý )?\d[\d/.]*),? "
    r"(?:[^\s,;.]+ ){0,8}?(?:mới|chưa|vẫn|còn|chỉ|đang|đã|không)(?!\w)"
)
_DEMANDS = re.compile(r"(?<!\w)(?:đề nghị|yêu cầu|khẩn trương|phải|cần|giao)(?!\w)")


def tells_progress(text: str) -> bool:
    """Whether a sentence tells how far something assigned before has come, and demands nothing."""
    if _SO_FAR.search(fold(text)) is None:
        return False
    folded = fold(citations.mask(text))
    so_far = _SO_FAR.search(folded)
    if so_far is None or _ASSIGNED.match(folded[: so_far.start()]) is None:
        return False
    return _DEMANDS.search(folded, so_far.end()) is None
