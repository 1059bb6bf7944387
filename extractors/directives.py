"""Whether a sentence is a directive: the evidence weighed, and whether it is assigned or proposed.

Words and weights are data (`data/directives.toml`, `phrases`); parts of speech come from `nlp`, only where a
list is not enough.
"""

import re
from collections.abc import Sequence

import msgspec

from extractors import moves
from extractors.agencies import within
from extractors.citations import CAPITAL
from extractors.headings import Stance
from extractors.orders import is_superior, order, tells_body
from extractors.phrases import SPACES_AND_SIGNS, data, fold, opens
from extractors.predicates import (
    LONGEST_FRONTED,
    TOLD_AS_DONE,
    after_subject,
    clause_start,
    end_of_subject,
    has_modal,
    opens_with_verb,
    told_passively,
)
from extractors.progress import tells_progress
from extractors.quotations import (
    QUOTED,
    asks_for_itself,
    ends_as_speech,
    person_tells,
    says_who_acts,
    speaks_of_oneself,
    tells_duty,
    wishes,
)
from extractors.segmentation import in_bracket
from models import AgencyMention, Modality


class Verdict(msgspec.Struct, frozen=True):
    """Whether a sentence is a directive, and why: `score` over 0 is yes, `evidence` names what was weighed."""

    score: float
    evidence: tuple[str, ...] = ()
    modality: Modality | None = None
    background: bool = False

    @property
    def task(self) -> bool:
        """Whether the sentence is a directive."""
        return self.score > 0


def judge(
    text: str,
    mentions: Sequence[AgencyMention],
    stance: Stance | None,
    *,
    labelled: bool = False,
    ordering: bool = False,
    dated: bool = False,
    opened_at: int = 0,
    retold: bool = False,
) -> Verdict:
    """Whether a sentence is a directive.

    `mentions` are the bodies in it; `labelled`: a body's label stands over it; `ordering`: the letter is of a
    kind that gives orders, or an order stands just before; `dated`: it carries a deadline of its own;
    `opened_at`: where a deadline in front of the sentence ends; `retold`: it stands in an account of what was
    said.
    """
    if retold and (words := QUOTED.fullmatch(text)) is not None:
        inside = within(mentions, *words.span("words"))
        if says_who_acts(words["words"], inside):
            return judge(
                words["words"], inside, stance, labelled=labelled, ordering=True, dated=dated, retold=True
            )
    if retold and (begin := tells_duty(text, mentions)) is not None:
        inside = within(mentions, begin, len(text))
        return judge(text[begin:], inside, stance, labelled=labelled, ordering=True, dated=dated, retold=True)
    weights: dict[str, float] = data()["weights"]
    if tells_progress(text):
        return Verdict(weights["bias"] + weights["tells_state"], ("tells_state",), background=True)
    evidence: list[str] = []
    modality: Modality | None = None
    head = clause_start(text, mentions, opened_at)
    opening = fold(text[head : head + LONGEST_FRONTED])
    told = order(text, mentions, retold=retold)
    own = speaks_of_oneself(text) and not (retold and told is not None and tells_body(told, mentions))
    if told is not None and told.kind == "orders" and (in_bracket(text, told.start) or own):
        told = None
    no_demand = _NO_DEMAND.match(opening) or _NO_DEMAND.match(fold(text))
    if no_demand:
        told = None
    wished = told is not None and told.kind == "orders" and wishes(text[: told.start], told.verb)
    if retold and (wished or (told is None and asks_for_itself(text))):
        return Verdict(weights["bias"] + weights["tells_state"], ("tells_state",), None, background=True)
    if told is not None:
        evidence.append(told.kind)
        modality = "proposed" if told.kind == "asks_superior" else None
        if told.kind == "orders" and told.verb in ("đề nghị", "yêu cầu"):
            demanded = told.verb == "đề nghị" and (
                _DEMANDED.match(fold(text[told.told_at :])) or any(m.end == told.start - 1 for m in mentions)
            )
            modality = "proposed" if stance == "proposal" and not demanded else "assigned"
    subject_end = end_of_subject(text, head, mentions)
    commands = (ordering and stance is None) or stance == "order"
    if commands and not retold:
        owners = moves.moved(text, head, mentions, subject_end, labelled=labelled)
        if owners is not None:
            return Verdict(weights["moved"], ("moved",))
    if (
        _UP_TO_NOW.match(fold(text))
        or _QUOTED_WORK.match(fold(text))
        or (
            _BASIS.match(fold(text))
            and (text.rstrip().endswith(",") or (subject_end is None and text[-1:] == ";"))
        )
        or (stance is None and not labelled and told is None and _RESTS_ON.match(fold(text)))
        or (ends_as_speech(text) and (own or told is None))
        or _ANNOUNCES.search(text)
        or _SAYS_WHAT_FOLLOWS.search(text)
        or _LOOKS_BACK.match(fold(text))
        or no_demand
        or (told is None and _SEEN_ON_CHECKING.match(fold(text)))
        or text.endswith("?")
    ):
        evidence.append("tells_state")
    elif (
        subject_end is not None and stance != "proposal" and told is None and is_superior(text[head:subject_end])
    ) or (subject_end is not None and _PERSON_SAID.match(text, subject_end)):
        evidence.append("subject_did")
    elif retold and told is None and person_tells(opening):
        evidence.append("tells_state")
    elif subject_end is not None:
        predicate = fold(text[subject_end : subject_end + 240])
        # `Phó Thủ tướng đồng ý về chủ trương, giao Bộ A …`: what he orders comes last.
        orders_last = told is not None and told.kind == "orders" and is_superior(text[head:subject_end])
        orders_last = orders_last and _BEFORE_NOW.match(predicate) is None
        evidence.append("subject_acts" if orders_last else after_subject(predicate))
        urged = opens(predicate.lstrip(SPACES_AND_SIGNS), "urging", "phrases") or (
            retold and (has_modal(predicate) or told_passively(predicate))
        )
        if evidence[-1] == "subject_acts" and urged:
            evidence.append("urged")
    elif (before := _NAMED_BEFORE.match(opening)) is not None:
        evidence.append(after_subject(opening[before.end() :]))
    elif (stance == "order" or ordering) and (case := _IN_CASE.match(opening)) and _told_to(opening[case.end() :]):
        evidence.append("opens_with_verb")
    elif stance == "order" and (case := _IF.match(opening)) and _told_to(opening[case.end() :]):
        evidence.append("modal")
    elif dated and stance != "background" and _WHAT_IS_LEFT.match(opening):
        evidence.append("opens_with_verb")
    elif dated and stance != "background" and _PASSIVE_DUTY.match(opening):
        evidence.append("passive_duty")
    elif (
        (
            _tells_state(opening)
            and "asks_superior" not in evidence
            and not (dated and (_MUST.match(opening) or opening.startswith("thống nhất với ")))
        )
        or (_states(opening) and not (labelled and _BY_A_DAY.search(opening)))
        or (told is None and _retells(opening))
    ):
        evidence.append("tells_state")
    elif opens_with_verb(text[head:], opening):
        evidence.append("opens_with_verb")
    elif has_modal(opening) and not _DONE_FIRST.match(opening):
        evidence.append("modal")
    elif told is None and not text.rstrip().endswith(":") and TOLD_AS_DONE.match(opening):
        evidence.append("tells_state")
    else:
        evidence.append("no_verb")
    ordered = "orders" in evidence or (dated and "subject_acts" in evidence)
    asked = (
        stance == "background" and told is not None and told.kind != "quotes_order" and _ASKS.search(fold(text))
    )
    if asked or (stance == "background" and ordering and ordered):
        evidence.append("ordered_amid_background")
    elif stance is not None:
        evidence.append(f"under_{stance}")
    elif ordering:
        evidence.append("ordering_letter")
    if labelled:
        evidence.append("labelled")
    if dated and "subject_acts" in evidence:
        evidence.append("dated")
    score = weights["bias"] + sum(weights[name] for name in evidence)
    background = any(name in ("tells_state", "subject_did", "quotes_order") for name in evidence) and score <= 0
    return Verdict(score, tuple(evidence), modality, background)


# A plan or decision that speaks of itself.
_ANNOUNCES = re.compile(
    r"ban hành (?:Kế hoạch|Chương trình|Hướng dẫn|Quy chế|Chỉ thị|Quyết định|Kết luận)(?! của)[^.;]{0,90}"
    r"(?:nội dung|như sau|sau đây|dưới đây)"
)
_BEFORE_NOW = re.compile(r"\s?(?:cũng )?(?:đã|vừa|từng|đang)\s")
# `Với các cơ quan còn lại, xin đề nghị như sau.`
_SAYS_WHAT_FOLLOWS = re.compile(r"^[^;:]{0,140}(?:như sau|sau đây|dưới đây)\s?(?:\.$|;)")
# `Trường hợp đã chi sai thì lập danh sách …`: what to do in a case.
_IN_CASE = re.compile(
    r"(?:(?:những |các |đối với (?:những |các )?)?trường hợp|nếu|(?:\w+ ){1,3}nào|khi"
    r"|có (?:người|ai|hộ|đơn vị|nơi))\s[^.;]{3,180}? thì "
)
# `Khi có sự cố phải thông báo …`: what must be done in a case, nobody named.
_IF = re.compile(r"(?:khi|nếu|trường hợp)\s[^.;,]{3,90}?,? (?:phải|cần)(?: (?:báo cáo )?ngay| khẩn trương)? ")
# `Số tài khoản chưa đối chiếu phải xử lý xong trước ngày …`: what is left is to be done.
_MUST = re.compile(r"(?:số|một số|những|các|phần) [^.;]{5,160}? phải (?:được )?(?!có|chịu|chi|trả|nộp)\w")
# `Thực hiện Công văn số …; qua kiểm tra, UBND xã nhận thấy …`: why a letter is written.
_SEEN_ON_CHECKING = re.compile(
    r"(?:thực hiện|triển khai|căn cứ)"
    r" (?:công văn|công điện|chỉ thị|kế hoạch|văn bản|nghị quyết|quyết định|thông báo|kết luận)\s"
    r"[^.]{5,500}?(?<!\w)(?:nhận thấy|thấy rằng|cho thấy)(?!\w)"
)
# An asking that stands amid an account of how things are.
_ASKS = re.compile(r"(?<!\w)(?:(?:kính |trân trọng )?(?:đề nghị|kiến nghị|kính trình|trình)|xin) (?:đồng chí )?\w")
# Among proposals: `đề nghị các đơn vị phải có kế hoạch …` demands it of them, as `Bộ A đề nghị Bộ B …` does.
_DEMANDED = re.compile(r"[^,;.:]{3,80}?\s(?:phải|khẩn trương|nghiêm túc)\s")
# `04 công trình còn lại hoàn thành trước ngày 30/10`: by when the rest is to be done.
_WHAT_IS_LEFT = re.compile(
    r"(?!.{0,200}(?<!\w)(?:đã|đang|vừa|chưa|dự kiến|sẽ)\s)"
    r"(?:\d{1,4}|số|các|những|toàn bộ|phần|một số) [^.;:,]{2,90}? còn lại "
    r"(?:phải )?(?:hoàn thành|xong|hoàn tất|bàn giao|kết thúc|thực hiện xong)\s"
)
# Nobody is named, but it is to be done by a day: `Kết quả được tổng hợp, gửi về Bộ trước ngày …`.
_PASSIVE_DUTY = re.compile(
    r"(?!.{0,200}(?<!\w)(?:đã|đang|vừa|chưa)\s)[^.;:]{5,200}?\s(?:phải(?: được)?|cần(?: được)?|được) "
    r"(?!giao|hưởng|phép|coi|xem là|gọi)\w"
)
# `Phấn đấu đến năm 2030: tỷ lệ … đạt trên 98 %`: an aim of a plan, no duty of somebody.
_AIMS = re.compile(
    r"(?:phấn đấu|mục tiêu)(?: đến [^,:]{3,30})?[:,]?\s(?:tỷ lệ|tối thiểu|ít nhất|trên|có|đạt|\d)"
    r"[^.;]{0,160}(?:%|đạt|trên)"
)
# `Phấn đấu 100% chi bộ … trước ngày 31/8/2026`: what somebody is to reach by a day is work.
_BY_A_DAY = re.compile(r"(?:trước|chậm nhất|muộn nhất|đến hết)(?: là)? ngày \d")
# `Kiến nghị kéo dài … là không phù hợp`: a judgement on something.
_STATED = re.compile(
    r"(?:việc|kiến nghị|đề nghị|đề xuất|phương án|nội dung) [^.;:]{8,220}? là "
    r"(?:không|chưa|phù hợp|đúng|cần thiết|có cơ sở)"
    r"|(?:thời gian|thời hạn)(?: \w+){0,6} không tính"
)
# `Trên cơ sở thảo luận của các thành viên …,`: what is decided comes in the next paragraph.
_BASIS = re.compile(r"(?:trên cơ sở|căn cứ|xét|theo đề nghị)\s")
# `Thực hiện Quyết định số … về việc …;`: on what a letter rests, before it tells anybody anything.
_RESTS_ON = re.compile(
    r"(?:thực hiện|triển khai(?: thực hiện)?|tiếp theo) (?:ý kiến|chỉ đạo|nghị quyết|nghị định|quyết định|chỉ thị"
    r"|kế hoạch|công văn|công điện|thông báo|kết luận|văn bản|chương trình)\s[^;]{10,900};$"
)
# `Đến nay, … mới nhận được …`
_UP_TO_NOW = re.compile(
    r"(?:theo (?:số liệu|báo cáo|thống kê|thông tin)[^,;.]{0,60}, )?(?:đến nay|tính đến nay|hiện nay"
    r"|trước đó,? (?=[^.]{0,160}?(?<!\w)(?:đã|từng|xảy ra|mới|vừa)(?!\w))"
    r"|(?:tính )?đến (?:hết )?(?:ngày |tháng |quý )\d[^,;.]{0,20}(?=,? (?:mới|chỉ|đã|vẫn|còn|chưa) )"
    r"|(?:trong )?(?:những |mấy |các )?(?:năm|tháng|tuần|ngày|thời gian|nhiệm kỳ)(?: gần đây| vừa)? qua(?=[\s,]))"
    r"(?!.{0,300}(?<!\w)(?:cần|phải|đề nghị|yêu cầu|giao|khẩn trương)(?!\w))"
)
# `Nhiệm vụ “ban hành …”: đến nay mới …`: where a task stands that another letter gave.
_QUOTED_WORK = re.compile(
    r"(?:các |những |về )?(?:nhiệm vụ|công việc|việc|nội dung)[^“\".;:]{0,60}"
    r"[“\"][^”\"]{5,500}[”\"][^.;:]{0,100}[:,]?"
    r"(?: (?:tính )?đến (?:nay|hết [^,;.]{1,30}|ngày [^,;.]{1,20}),?| hiện(?: nay)?)?"
    r" (?:[^.;,]{0,40} )?(?:mới|đã|chưa|đang|vẫn)(?!\w)"
)
# `Qua hơn ba năm thực hiện Chỉ thị …, nhận thức … có chuyển biến`
_LOOKS_BACK = re.compile(
    r"(?:qua|sau|trong)\s(?:hơn |gần |những |các )?\w+ (?:năm|tháng|tuần|quý)\s"
    r"(?:thực hiện|triển khai|vận hành|tổ chức|qua)(?!\w)"
)
# What is not granted; who is admonished for what; what stood at some figure; when a meeting ended.
_NO_DEMAND = re.compile(
    r"không (?:điều chỉnh|gia hạn|lùi|kéo dài|xem xét|đồng ý|chấp thuận)(?!\w)[^.;]{0,60}"
    r"(?:thời hạn|thời gian|tiến độ|gia hạn|đề nghị|kiến nghị)(?!\w)"
    r"|(?:nghiêm khắc )?(?:nhắc nhở|phê bình|biểu dương|khen ngợi) "
    r"(?:[^.;:]|:(?= )){3,200}? (?:đã|vì|do|chưa|còn chậm)(?!\w)"
    r"(?![^.]{0,200}(?:yêu cầu|đề nghị|khẩn trương|phải))"
    r"|đến (?:hết )?(?:(?:ngày|tháng|quý) )?\d[\d/.]*,? (?=toàn |cả |tổng |tỷ lệ |số |nhiều |một số |mỗi )"
    r"(?:(?!phải|cần)[^\s,.;]+ ){2,10}(?:còn|mới|đã|chưa|vẫn)(?!\w)"
    r"|(?:giao ban|cuộc họp|buổi họp|hội nghị|phiên họp)(?: \w+){0,3} (?:kết thúc|bế mạc)(?!\w)"
    r"|(?:ưu|nhược) điểm (?:\w+ ){0,6}là |[^.;]{5,160} theo hợp đồng(?: đã ký)?,? (?:phải|cần)(?!\w)"
    r"|(?:nếu )?quá (?:thời )?hạn(?: này| trên| nêu trên)? (?:phải|sẽ|bị|thì)(?!\w)"
    r"|tỷ lệ [^.;]{3,80}? (?:là|còn|vẫn|mới|chỉ|đạt) (?:rất |quá |còn )?(?:thấp|cao|chậm|đạt)(?!\w)"
)
# `Cả nước đã đưa …, số vụ việc phải xử lý tăng`: what was done comes first.
_DONE_FIRST = re.compile(r"(?:(?!cần|phải|các|những|khi|nếu)\w+ ){1,9}đã (?!được giao|giao|có)\w")
# What somebody said of how things are, in a report.
_REPORTS = re.compile(r"(?<!\w)(?:cho biết|cho rằng|cho hay|nhận thấy|thấy rằng|bày tỏ|phản ánh|mong muốn)(?!\w)")
# `Phó Chủ tịch Ủy ban … Nguyễn Văn An cho biết …`: a person's name between a body and what he said.
_PERSON_SAID = re.compile(
    rf"(?:\s[{CAPITAL}][\w’']{{0,7}}){{2,5}},?\s(?:báo cáo|cho biết|cho rằng|cho hay|nói|kiến nghị|thông tin"
    r"|chia sẻ|phản ánh|nhận định"
    r"|đề xuất|bày tỏ|khẳng định|hứa|cam kết|nêu (?:khó khăn|thực tế|thực trạng|vướng mắc|băn khoăn|ý kiến))(?!\w)"
)
# `đơn vị này`, `các cơ quan trên`: the bodies named before.
_NAMED_BEFORE = re.compile(
    r"(?:bộ|sở|tỉnh|thành phố) (?=cũng (?:được|phải|cần)|được (?:giao|yêu cầu|đề nghị)|phải|cần|có trách nhiệm)"
    r"|(?:các |hai |những )?(?:đơn vị|cơ quan|địa phương|sở|bộ|ngành|doanh nghiệp)"
    r" (?:này|trên|nói trên|nêu trên)\s"
)


def _told_to(rest: str) -> bool:
    """Whether what follows is a verb of directives, or says that something must be done."""
    return (opens(rest, "verbs", "phrases") or opens(rest, "modal", "phrases")) is not None


def _states(opening: str) -> bool:
    """Whether a sentence names an aim, or judges something."""
    return _AIMS.match(opening) is not None or _STATED.match(opening) is not None


def _retells(opening: str) -> bool:
    """Whether a sentence retells what somebody said of how things are."""
    return opens(opening, "verbs", "phrases") is None and _REPORTS.search(opening[:220]) is not None


def _tells_state(opening: str) -> bool:
    """Whether a sentence opens by telling how things are (`Đến nay …`, `Có 12 …`), no verb starting there."""
    state = opens(opening, "aspect", "openings")
    verb = opens(opening, "verbs", "phrases")
    return state is not None and (verb is None or len(verb) <= len(state))
