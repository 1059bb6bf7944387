"""Bodies in text: what is found, under which name, in which role, and whether it is ours."""

import datetime

import pytest

from extractors.agencies import AgencyContext, concern, find, our_role, read_cell, roles, scope_of
from models import Office, OwnBody

CENTRAL = AgencyContext(on=datetime.date(2025, 9, 1))
KHANH_HOA = AgencyContext(
    on=datetime.date(2025, 9, 1), scope="Tỉnh Khánh Hòa", issuer="ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA"
)
HEALTH = AgencyContext(on=datetime.date(2025, 9, 1), issuer="BỘ Y TẾ")
MINISTRIES, PROVINCES, UNITS = "Các bộ, ngành", "Các địa phương", "Các đơn vị liên quan"


def names(text: str, context: AgencyContext = CENTRAL) -> list[str]:
    return [m.name for m in find(text, context)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # spellings of one body
        ("BỘ TÀI CHÍNH", ["Bộ Tài chính"]),  # capitals
        ("Bộ Khoa học & Công nghệ", ["Bộ Khoa học và Công nghệ"]),  # & for và
        ("Bộ KH&CN", ["Bộ Khoa học và Công nghệ"]),  # abbreviation
        ("Bộ Văn hoá, Thể thao và Du lịch", ["Bộ Văn hóa, Thể thao và Du lịch"]),  # new tone mark, comma in name
        ("Bộ Nông nghiệp\nvà Môi trường", ["Bộ Nông nghiệp và Môi trường"]),  # over a line end
        ("ủy quyền cho BGDĐT", ["Bộ Giáo dục và Đào tạo"]),  # symbol
        ("tại TP.HCM và Tp. Huế", ["Thành phố Hồ Chí Minh", "Thành phố Huế"]),
        ("Bô Tài chinh rà soát", ["Bộ Tài chính"]),  # diacritics lost on the way
        # a class and the names of its members; where names end
        ("Các tỉnh có nhiều dự án dở dang là Điện Biên và Lào Cai rà soát", ["Tỉnh Điện Biên", "Tỉnh Lào Cai"]),
        ("Phòng Hành chính tư pháp tổ chức tập huấn", ["Phòng Hành chính tư pháp"]),
        ("Trung tâm Mua sắm tập trung thuốc quốc gia báo cáo", ["Trung tâm Mua sắm tập trung thuốc quốc gia"]),
        ("Trường Đại học Hàng hải Việt Nam chạy lại mô hình", ["Trường Đại học Hàng hải Việt Nam"]),
        ("Vụ Pháp luật dân sự - kinh tế tiếp thu", ["Vụ Pháp luật dân sự - kinh tế"]),
        ("Bệnh viện đa khoa vùng Tây Nguyên dành 200 giường", ["Bệnh viện đa khoa vùng Tây Nguyên"]),
        ("Các cảng vụ hàng hải thì phải kiểm tra", ["Các cảng vụ hàng hải"]),
        ("Các Ban Quản lý dự án trực thuộc Bộ ký hợp đồng", ["Các Ban Quản lý dự án trực thuộc Bộ"]),
        (
            "Trung ương Hội Người cao tuổi Việt Nam nhân rộng câu lạc bộ",
            ["Trung ương Hội Người cao tuổi Việt Nam"],
        ),
        ("Các bệnh viện, trung tâm y tế khác lùi sang quý IV", ["Các bệnh viện", "Các trung tâm y tế"]),
        # names in brackets behind the class
        ("Các bộ quản lý cơ sở dữ liệu (Tư pháp, Y tế) mở kết nối", ["Bộ Tư pháp", "Bộ Y tế"]),
        ("Bệnh viện Phụ sản kiểm điểm trách nhiệm", ["Bệnh viện Phụ sản"]),  # verbs that no name holds
        ("Bệnh viện Mắt đối thoại với người bệnh", ["Bệnh viện Mắt"]),
        (
            "Ban Quản lý dự án đầu tư xây dựng công trình dân dụng và công nghiệp tỉnh mời nhà thầu",
            ["Ban Quản lý dự án đầu tư xây dựng công trình dân dụng và công nghiệp tỉnh"],
        ),
        ("Ban Chỉ đạo 138 quốc gia họp", ["Ban Chỉ đạo 138 quốc gia"]),
        ("Ban Chỉ đạo 138 họp", ["Ban Chỉ đạo 138"]),
        # a title that holds the first words of its body's name
        ("Chánh Văn phòng UBND tỉnh đôn đốc", ["Văn phòng Ủy ban nhân dân tỉnh"]),
        ("Chánh Văn phòng Tỉnh ủy đôn đốc", ["Văn phòng Tỉnh ủy"]),
        ("Trưởng phòng Kinh tế lập danh sách", ["Phòng Kinh tế"]),
        ("Trưởng Ban Quản lý các khu công nghiệp tỉnh họp", ["Ban Quản lý các khu công nghiệp tỉnh"]),
        ("Trưởng Công an xã, Trưởng Trạm Y tế xã kiểm tra", ["Công an xã", "Trạm Y tế xã"]),
        ("Phòng ngừa tăng trưởng kinh tế nóng", []),  # no title
        # initials that offices write for their bodies
        ("VP ĐKĐĐ tỉnh cập nhật dữ liệu", ["Văn phòng Đăng ký đất đai tỉnh"]),
        ("TTPVHCC tỉnh niêm yết thủ tục", ["Trung tâm Phục vụ hành chính công tỉnh"]),
        ("Trung tâm PTQĐ tỉnh kiểm đếm tài sản", ["Trung tâm Phát triển quỹ đất tỉnh"]),
        ("BQL các KCN tỉnh rà soát", ["Ban Quản lý các khu công nghiệp tỉnh"]),
        ("CDC tỉnh lấy mẫu nước", ["Trung tâm Kiểm soát bệnh tật tỉnh"]),
        # bodies whose names go on in small letters
        (
            "Hội đồng bồi thường, hỗ trợ và tái định cư xã Đạ Huoai kiểm đếm",
            ["Hội đồng bồi thường, hỗ trợ và tái định cư xã Đạ Huoai"],
        ),
        ("phối hợp với đoàn kiểm tra liên ngành xử lý", ["Đoàn kiểm tra liên ngành"]),
        (
            "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công rà soát",
            ["Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"],
        ),
        (
            "Công ty Cổ phần Cấp nước - Công trình đô thị Sơn Hà rà soát",
            ["Công ty Cổ phần Cấp nước - Công trình đô thị Sơn Hà"],
        ),
        ("Phòng Văn hóa - Xã hội treo băng rôn", ["Phòng Văn hóa - Xã hội"]),
        ("Trung tâm Công tác xã hội tỉnh tập huấn", ["Trung tâm Công tác xã hội tỉnh"]),
        ("Trạm Y tế xã họp", ["Trạm Y tế xã"]),  # `xã` ends a name, `xã hội` none
        (
            "Đài Khí tượng Thủy văn khu vực Nam Trung Bộ tăng bản tin",
            ["Đài Khí tượng Thủy văn khu vực Nam Trung Bộ"],
        ),
        ("Đài Truyền hình Việt Nam, Bộ Y tế đưa tin", ["Đài Truyền hình Việt Nam", "Bộ Y tế"]),
        ("Ban nhân dân các thôn lập danh sách", ["Ban nhân dân các thôn"]),
        # two bodies under one `và`; a short name with `&` is one
        ("Cục Điện ảnh và Cục Bản quyền tác giả báo cáo", ["Cục Điện ảnh", "Cục Bản quyền tác giả"]),
        ("Trung tâm Khuyến nông và Trung tâm Giống rà soát", ["Trung tâm Khuyến nông", "Trung tâm Giống"]),
        ("Cục Quản lý công nghệ và Chuyển đổi số trình", ["Cục Quản lý công nghệ và Chuyển đổi số"]),
        ("Cục TTCS&TTĐN và Cục NTBD báo cáo", ["Cục TTCS&TTĐN", "Cục NTBD"]),
        # places within names, shortened
        ("Nhạc viện TP. Hồ Chí Minh tuyển sinh", ["Nhạc viện Thành phố Hồ Chí Minh"]),
        ("UBND TPHCM rà soát", ["Thành phố Hồ Chí Minh"]),
        # a branch in a province is not its parent
        ("NHNN chi nhánh Khu vực 10 hướng dẫn", ["Ngân hàng Nhà nước chi nhánh Khu vực 10"]),
        ("NHNN chi nhánh khu vực nào cũng phải rà soát", ["Ngân hàng Nhà nước Việt Nam"]),
        ("VNPT Quảng Trị lắp máy", ["VNPT Quảng Trị"]),
        ("Agribank tỉnh Lào Cai, Viễn thông Hải Phòng", ["Agribank tỉnh Lào Cai", "Viễn thông Hải Phòng"]),
        (
            "VNPT, Quảng Trị và Lào Cai",
            ["Tập đoàn Bưu chính Viễn thông Việt Nam", "Tỉnh Quảng Trị", "Tỉnh Lào Cai"],
        ),
        ("VNPT lắp máy", ["Tập đoàn Bưu chính Viễn thông Việt Nam"]),
        ("Các đoàn thể chính trị - xã hội vận động", ["Các đoàn thể chính trị - xã hội"]),
        # a kind of place named anew in one list; near miss: all of that kind
        (
            "UBND các phường: Tân Lập, Tân An và các xã: Ea Kao, Hòa Phú giải trình",
            [
                "Ủy ban nhân dân phường Tân Lập",
                "Ủy ban nhân dân phường Tân An",
                "Ủy ban nhân dân xã Ea Kao",
                "Ủy ban nhân dân xã Hòa Phú",
            ],
        ),
        (
            "UBND phường Tân Lập và các xã Ea Kao, Hòa Phú rà soát",
            ["Ủy ban nhân dân phường Tân Lập", "Ủy ban nhân dân xã Ea Kao", "Ủy ban nhân dân xã Hòa Phú"],
        ),
        # so many of them
        ("UBND 06 xã, phường giải trình lý do", ["Ủy ban nhân dân 06 xã, phường"]),
        ("UBND 01 xã báo cáo", []),
        ("UBND phường Tân Lập và các xã báo cáo", ["Ủy ban nhân dân phường Tân Lập", "Các xã"]),
        # commas within the names of central units
        (
            "Cục Văn hóa cơ sở, Gia đình và Thư viện, Cục Di sản văn hóa quét hồ sơ",
            ["Cục Văn hóa cơ sở, Gia đình và Thư viện", "Cục Di sản văn hóa"],
        ),
        # no bodies
        ("cán bộ y tế, toàn bộ xây dựng cơ bản", []),
        ("xây dựng bộ tiêu chí, bộ phận một cửa", []),
        ("công an toàn diện", []),  # Công an
        ("Bộ y tế thôn bản, bo tai chinh", []),  # capitals missing: too weak for a bent name
        ("các bộ xây dựng kế hoạch", [MINISTRIES]),  # verb, not Bộ Xây dựng
        ("Các bộ tiêu chí, các ngành nghề", []),
        ("tỉnh Hà Nam Ninh", []),
        ("Thái Bình Dương", []),
        ("đồng chí Trần Hòa Bình", []),  # a person's name
        ("vì hòa bình", []),
        # elided lists
        ("các Bộ: Nội vụ, Tài chính và Y tế", ["Bộ Nội vụ", "Bộ Tài chính", "Bộ Y tế"]),
        ("Bộ Y tế, Giáo dục và Đào tạo rà soát", ["Bộ Y tế", "Bộ Giáo dục và Đào tạo"]),
        ("Bộ Y tế, Xây dựng kế hoạch", ["Bộ Y tế"]),  # a verb that looks like a ministry
        ("các tỉnh Lào Cai, Sơn La", ["Tỉnh Lào Cai", "Tỉnh Sơn La"]),
        ("UBND các tỉnh, thành phố: Huế, Đà Nẵng", ["Thành phố Huế", "Thành phố Đà Nẵng"]),
        # provinces and their committees
        ("Ủy ban nhân dân tỉnh Sơn La", ["Tỉnh Sơn La"]),
        ("Chủ tịch UBND thành phố Cần Thơ", ["Thành phố Cần Thơ"]),
        ("các cơ quan đảng, đoàn thể của tỉnh Gia Lai", ["Tỉnh Gia Lai"]),
        # collectives
        ("các bộ, ngành, địa phương", [MINISTRIES, PROVINCES]),
        ("Bộ, ngành địa phương", [MINISTRIES, PROVINCES]),
        ("các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ", [MINISTRIES]),
        ("UBND các tỉnh, thành phố trực thuộc trung ương", [PROVINCES]),
        ("Thủ trưởng các bộ, ngành; Chủ tịch UBND các tỉnh", [MINISTRIES, PROVINCES]),
        ("12 bộ, ngành", [MINISTRIES]),
        ("các cơ quan, đơn vị", ["Các đơn vị liên quan"]),
        ("các bộ, cơ quan, địa phương", [MINISTRIES, PROVINCES]),
        ("các doanh nghiệp, ngân hàng", ["Các doanh nghiệp", "Các ngân hàng"]),
        ("các tập đoàn, tổng công ty nhà nước", ["Các doanh nghiệp"]),
        ("các sở, ban, ngành và xã, phường", [PROVINCES]),
        ("Công an các đơn vị, địa phương", ["Công an các đơn vị, địa phương"]),  # a class of another kind
        ("các cơ quan báo chí", ["Các cơ quan báo chí"]),
        # heads
        ("Bộ trưởng Bộ Y tế", ["Bộ Y tế"]),
        ("Thống đốc Ngân hàng Nhà nước Việt Nam", ["Ngân hàng Nhà nước Việt Nam"]),
        ("đồng chí Bộ trưởng Bộ Nội vụ", ["Bộ Nội vụ"]),
        # a front keeps the full name the letter has for it; an abbreviation stands for the official one
        ("Mặt trận Tổ quốc Việt Nam vận động", ["Mặt trận Tổ quốc Việt Nam"]),
        ("MTTQ Việt Nam vận động", ["Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"]),
        ("Chủ tịch UBND tỉnh Sơn La Lò Văn Ba dự", ["Tỉnh Sơn La"]),  # a person's name behind
        # by form
        ("Cục Quản lý thị trường kiểm tra kho hàng", ["Cục Quản lý thị trường"]),
        ("Nhóm công tác Số 5 họp", ["Nhóm công tác Số 5"]),
        ("Kho bạc Nhà nước khu vực XI đối chiếu", ["Kho bạc Nhà nước khu vực XI"]),
        ("Vụ Pháp chế có ý kiến", ["Vụ Pháp chế"]),
        ("Hiệp hội Cà phê vận động hội viên", ["Hiệp hội Cà phê"]),  # a verb ends a name
        ("Báo Tuổi trẻ mở chuyên mục", ["Báo Tuổi trẻ"]),
        ("UBND các xã, phường kê khai", ["Ủy ban nhân dân các xã, phường"]),
        ("Hội thảo, Vụ án, Ban hành văn bản", []),  # words that only open like a name
    ],
)
def test_find_in_a_central_letter(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND tỉnh yêu cầu", [("Tỉnh Khánh Hòa", "Tỉnh Khánh Hòa")]),  # itself
        ("Sở Tài chính rà soát", [("Sở Tài chính", "Tỉnh Khánh Hòa")]),
        ("Sở Y tế tỉnh Nghệ An", [("Sở Y tế tỉnh Nghệ An", "Tỉnh Nghệ An")]),  # says another province
        ("Giám đốc Sở Nội vụ", [("Sở Nội vụ", "Tỉnh Khánh Hòa")]),
        ("Công an tỉnh", [("Công an tỉnh", "Tỉnh Khánh Hòa")]),
        ("UBND phường Bắc Cam Ranh tổ chức", [("Ủy ban nhân dân phường Bắc Cam Ranh", "Tỉnh Khánh Hòa")]),
        ("Ban Quản lý dự án giao thông tỉnh rà soát", [("Ban Quản lý dự án giao thông tỉnh", "Tỉnh Khánh Hòa")]),
        # classes of local bodies under the letter's own words, in full
        ("các sở, ban, ngành", [("Các sở, ban, ngành", "Tỉnh Khánh Hòa")]),
        ("Thủ trưởng các sở, ngành rà soát", [("Các sở, ngành", "Tỉnh Khánh Hòa")]),
        ("UBND các xã, phường tổ chức", [("Ủy ban nhân dân các xã, phường", "Tỉnh Khánh Hòa")]),
        (
            "Chủ tịch UBND các xã, đặc khu Trường Sa",
            [("Ủy ban nhân dân các xã, đặc khu Trường Sa", "Tỉnh Khánh Hòa")],
        ),
        ("các sở, ban, ngành tỉnh rà soát", [("Các sở, ban, ngành tỉnh", "Tỉnh Khánh Hòa")]),  # of which level
        ("các sở, ngành tỉnh Khánh Hòa rà soát", [("Các sở, ngành tỉnh Khánh Hòa", "Tỉnh Khánh Hòa")]),
        ("14 xã, phường nói trên báo cáo", [("Các xã, phường", "Tỉnh Khánh Hòa")]),  # how many is no name
        # a commune's own bodies need no place; those of a level
        ("Trạm Y tế khám sàng lọc", [("Trạm Y tế", "Tỉnh Khánh Hòa")]),
        ("Công an cấp xã phải cập nhật", [("Công an cấp xã", None)]),
        # a commune by its own name, where it is told; elsewhere it is a place
        ("Giao xã Ba Hồ cắm biển", [("Xã Ba Hồ", "Tỉnh Khánh Hòa")]),
        ("Phường Hòn Đỏ phải bố trí", [("Phường Hòn Đỏ", "Tỉnh Khánh Hòa")]),
        ("Khu phố 1, Khu phố 5 vận động", [("Khu phố 1", "Tỉnh Khánh Hòa"), ("Khu phố 5", "Tỉnh Khánh Hòa")]),
        ("kiểm tra tại xã Ba Hồ", []),
        ("Thôn nào chưa họp thì báo cáo", []),
        ("Đối với xã hội, giao xã hội hóa", []),
        # a person's name behind a place's; near misses: places named after persons, long names
        ("Chủ tịch UBND xã Ba Hồ Trần Thị Bé nói", [("Ủy ban nhân dân xã Ba Hồ", "Tỉnh Khánh Hòa")]),
        ("UBND xã Lý Văn Lâm rà soát", [("Ủy ban nhân dân xã Lý Văn Lâm", "Tỉnh Khánh Hòa")]),
        ("UBND xã Bắc Trà My rà soát", [("Ủy ban nhân dân xã Bắc Trà My", "Tỉnh Khánh Hòa")]),
        ("UBND phường Nguyễn Trãi rà soát", [("Ủy ban nhân dân phường Nguyễn Trãi", "Tỉnh Khánh Hòa")]),
        # lists that change their head; villages
        (
            "Các phường Ba Ngòi, Hòn Đỏ và xã Suối Cát phun thuốc",
            [
                ("Phường Ba Ngòi", "Tỉnh Khánh Hòa"),
                ("Phường Hòn Đỏ", "Tỉnh Khánh Hòa"),
                ("Xã Suối Cát", "Tỉnh Khánh Hòa"),
            ],
        ),
        ("các thôn Đông, Đoài họp dân", [("Thôn Đông", "Tỉnh Khánh Hòa"), ("Thôn Đoài", "Tỉnh Khánh Hòa")]),
        ("các thôn họp dân", [("Các thôn", None)]),
        (
            "các thôn Đông, Đoài và thôn Nà Pài",
            [(f"Thôn {n}", "Tỉnh Khánh Hòa") for n in ("Đông", "Đoài", "Nà Pài")],
        ),
        (
            "Trung tâm Văn hóa, Thể thao và Truyền thanh phát thanh mỗi ngày",
            [("Trung tâm Văn hóa, Thể thao và Truyền thanh", "Tỉnh Khánh Hòa")],
        ),
        ("Trạm Y tế, Công an xã trực", [("Trạm Y tế", "Tỉnh Khánh Hòa"), ("Công an xã", "Tỉnh Khánh Hòa")]),
        ("Hội Nông dân vận động", [("Hội Nông dân", "Tỉnh Khánh Hòa")]),
        ("các thôn, đơn vị liên quan", [("Các thôn", None), (UNITS, None)]),
        # a class joined to the units before it
        ("Các đơn vị, tổ dân phố phun thuốc", [(UNITS, None), ("Các tổ dân phố", None)]),
        ("Các đơn vị, tổ chức hội nghị", [(UNITS, None)]),
        # one person of a body is no class of bodies
        ("cử 01 lãnh đạo UBND tỉnh làm đầu mối", [("Tỉnh Khánh Hòa", "Tỉnh Khánh Hòa")]),
        ("UBND cấp huyện rà soát", [("Ủy ban nhân dân cấp huyện", "Tỉnh Khánh Hòa")]),
        ("UBND cấp xã rà soát", [("Ủy ban nhân dân cấp xã", "Tỉnh Khánh Hòa")]),
        ("UBND xã, phường trực", [("Ủy ban nhân dân các xã, phường", "Tỉnh Khánh Hòa")]),
        # communes, not provinces
        ("Các địa phương cấp xã rà soát", [("Các địa phương cấp xã", "Tỉnh Khánh Hòa")]),
        ("Các địa phương rà soát", [(PROVINCES, None)]),
        # schools of several kinds are one class
        (
            "Các trường mầm non, tiểu học, THCS rà soát",
            [("Các trường mầm non, tiểu học, THCS", None)],
        ),
        ("VP UBND tỉnh rà soát", [("Văn phòng Ủy ban nhân dân tỉnh", "Tỉnh Khánh Hòa")]),
        ("Thuế cơ sở 9 cử người", [("Thuế cơ sở 9", "Tỉnh Khánh Hòa")]),
        ("Trưởng các khu dân cư lập danh sách", [("Trưởng các khu dân cư", "Tỉnh Khánh Hòa")]),
        ("Phòng Văn hóa - Xã hội viết lại tin bài", [("Phòng Văn hóa - Xã hội", "Tỉnh Khánh Hòa")]),
        (
            "Đảng ủy các xã Ba Hồ, Suối Cát họp",
            [("Đảng ủy xã Ba Hồ", "Tỉnh Khánh Hòa"), ("Đảng ủy xã Suối Cát", "Tỉnh Khánh Hòa")],
        ),
        ("Trạm Y tế các xã, phường trực", [("Trạm Y tế các xã, phường", None)]),
        ("các sở, UBND các xã", [("Các sở", "Tỉnh Khánh Hòa"), ("Ủy ban nhân dân các xã", "Tỉnh Khánh Hòa")]),
        ("các xã hội viên", []),  # another word
        # names with commas, verbs behind names
        ("Sở VHTTDL tổ chức", [("Sở Văn hóa, Thể thao và Du lịch", "Tỉnh Khánh Hòa")]),
        ("Sở NN&MT kiểm kê", [("Sở Nông nghiệp và Môi trường", "Tỉnh Khánh Hòa")]),
        ("Phòng Kinh tế, Hạ tầng và Đô thị kiểm kê", [("Phòng Kinh tế, Hạ tầng và Đô thị", "Tỉnh Khánh Hòa")]),
        (
            "Phòng Kinh tế, Phòng Văn hóa",
            [("Phòng Kinh tế", "Tỉnh Khánh Hòa"), ("Phòng Văn hóa", "Tỉnh Khánh Hòa")],
        ),
        (
            "Báo và Phát thanh, truyền hình Khánh Hòa đưa tin",
            [("Báo và Phát thanh, truyền hình Khánh Hòa", "Tỉnh Khánh Hòa")],
        ),
        ("Trạm Y tế phường cử người", [("Trạm Y tế phường", "Tỉnh Khánh Hòa")]),
        ("các Sở: Y tế, Nội vụ", [("Sở Y tế", "Tỉnh Khánh Hòa"), ("Sở Nội vụ", "Tỉnh Khánh Hòa")]),
        ("Sở Y tế, Nội vụ rà soát", [("Sở Y tế", "Tỉnh Khánh Hòa"), ("Sở Nội vụ", "Tỉnh Khánh Hòa")]),
        (
            "UBND xã Ba Hồ, xã Suối Cát và phường Hòn Đỏ lập tổ",
            [
                ("Ủy ban nhân dân xã Ba Hồ", "Tỉnh Khánh Hòa"),
                ("Ủy ban nhân dân xã Suối Cát", "Tỉnh Khánh Hòa"),
                ("Ủy ban nhân dân phường Hòn Đỏ", "Tỉnh Khánh Hòa"),
            ],
        ),
        ("UBND xã Ba Hồ, xã có 3 thôn", [("Ủy ban nhân dân xã Ba Hồ", "Tỉnh Khánh Hòa")]),  # no list
        ("Mặt trận Tổ quốc Việt Nam tỉnh vận động", [("Mặt trận Tổ quốc Việt Nam tỉnh", "Tỉnh Khánh Hòa")]),
        ("Cục Hộ tịch 02 nhiệm vụ", [("Cục Hộ tịch", None)]),  # a number that counts what follows
        ("Văn phòng Bộ phát hành thông báo", [("Văn phòng Bộ", None)]),
        ("III. NHIỆM VỤ CỦA ĐỀ ÁN", []),  # half a word, no department
        ("Bộ Y tế", [("Bộ Y tế", "trung ương")]),
    ],
)
def test_local_bodies_belong_to_the_province_of_the_letter(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(m.name, m.scope) for m in find(text, KHANH_HOA)] == expected


@pytest.mark.parametrize(
    ("text", "on", "name", "current"),
    [
        ("Bộ TN&MT", 2023, "Bộ Tài nguyên và Môi trường", "Bộ Nông nghiệp và Môi trường"),
        ("Bộ TN&MT", 2026, "Bộ Tài nguyên và Môi trường", "Bộ Nông nghiệp và Môi trường"),  # named late
        ("Bộ LĐTBXH", 2024, "Bộ Lao động - Thương binh và Xã hội", None),  # split among several
        ("Bộ Thủy sản", 2006, "Bộ Thủy sản", "Bộ Nông nghiệp và Môi trường"),  # over two mergers
        ("Ninh Thuận", 2024, "Tỉnh Ninh Thuận", "Tỉnh Khánh Hòa"),
        ("Đồng Nai", 2025, "Tỉnh Đồng Nai", "Thành phố Đồng Nai"),
        ("Đồng Nai", 2027, "Thành phố Đồng Nai", "Thành phố Đồng Nai"),
    ],
)
def test_names_are_as_of_the_letter_and_today(text: str, on: int, name: str, current: str | None) -> None:
    (mention,) = find(text, AgencyContext(on=datetime.date(on, 1, 15)))
    assert (mention.name, mention.current) == (name, current)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Bộ Công an (C06) chủ trì", "C06"),
        ("Bộ Quốc phòng (Ban Cơ yếu Chính phủ)", "Ban Cơ yếu Chính phủ"),
        ("Bộ Tài chính (Cục Thuế, Cục Hải quan) rà soát", "Cục Thuế, Cục Hải quan"),
        ("Bộ Tài chính (hoàn thành trong tháng 6)", None),  # no unit
        ("Bộ Nội vụ (Bộ LĐTBXH trước đây)", None),  # a former name
    ],
)
def test_a_unit_in_brackets_belongs_to_the_body(text: str, unit: str | None) -> None:
    assert find(text, CENTRAL)[0].unit == unit


def test_offsets_point_at_what_was_written() -> None:
    text = "Giao Bộ trưởng Bộ Y tế và các tỉnh: Lào Cai, Sơn La; gửi VPCP."
    for mention in find(text, CENTRAL):
        assert text[mention.start : mention.end] == mention.as_written
    cell = "Chủ đầu tư; Tài chính (chủ trì), chủ đầu tư dự án"
    for mention in read_cell(cell, CENTRAL):
        assert cell[mention.start : mention.end] == mention.as_written


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Bộ yêu cầu các đơn vị báo cáo", HEALTH, [("Bộ Y tế", "issuer"), ("Các đơn vị liên quan", "alias")]),
        ("Bộ yêu cầu các đơn vị báo cáo", CENTRAL, [("Các đơn vị liên quan", "alias")]),  # nobody known
        ("Bộ Tài chính yêu cầu", HEALTH, [("Bộ Tài chính", "alias")]),  # not the issuer
        ("theo đề nghị của Bộ Tư pháp", CENTRAL, [("Bộ Tư pháp", "reference")]),
        ("Quyết định số 12/QĐ-BNV", CENTRAL, [("Bộ Nội vụ", "reference")]),
        ("dữ liệu của Bộ Nội vụ", CENTRAL, [("Bộ Nội vụ", "alias")]),  # an owner, no document's author
    ],
)
def test_how_a_body_was_known(text: str, context: AgencyContext, expected: list[tuple[str, str]]) -> None:
    assert [(m.name, m.via) for m in find(text, context)] == expected


def test_quy_co_quan_means_those_addressed() -> None:
    addressed = find("Bộ Tài chính; Bộ Y tế", CENTRAL)
    context = AgencyContext(recipients=addressed)
    found = find("Đề nghị Quý Bộ có ý kiến", context)
    assert [(m.name, m.via, m.as_written) for m in found] == [
        ("Bộ Tài chính", "recipients", "Quý Bộ"),
        ("Bộ Y tế", "recipients", "Quý Bộ"),
    ]


@pytest.mark.parametrize(
    ("cell", "leads", "coops"),
    [
        ("Tài chính; Nội vụ", ["Bộ Tài chính", "Bộ Nội vụ"], []),  # Bộ left out
        ("BNV, BTC, VPCP", ["Bộ Nội vụ", "Bộ Tài chính", "Văn phòng Chính phủ"], []),
        ("Hà Nội, Hồ Chí Minh", ["Thành phố Hà Nội", "Thành phố Hồ Chí Minh"], []),
        ("- Bộ Y tế;\n- Lai châu", ["Bộ Y tế", "Tỉnh Lai Châu"], []),  # bullets, small letter
        ("Bộ Y tế chủ trì; Bộ Nội vụ phối hợp", ["Bộ Y tế"], ["Bộ Nội vụ"]),
        ("Bộ Y tế (Cục Quản lý Dược), Bộ Nội vụ phối hợp", ["Bộ Y tế"], ["Bộ Nội vụ"]),  # nobody said to lead
        ("Bộ Nội vụ phối hợp", [], ["Bộ Nội vụ"]),
        ("Các cơ quan chủ trì", ["Các cơ quan chủ trì"], []),  # a class; near miss: the mark
        ("Cơ quan chủ trì: Bộ Y tế", ["Bộ Y tế"], []),
        # names that hold commas and small letters; near misses: bodies in small letters
        ("Cục Quản lý, giám sát kế toán, kiểm toán", ["Cục Quản lý, giám sát kế toán, kiểm toán"], []),
        ("Cục Công nghệ thông tin và chuyển đổi số", ["Cục Công nghệ thông tin và chuyển đổi số"], []),
        ("Cục Kiểm ngư, các địa phương", ["Cục Kiểm ngư", PROVINCES], []),
        ("Chủ trì: Bộ Y tế.  Phối hợp: Bộ Nội vụ, Bộ Tư pháp", ["Bộ Y tế"], ["Bộ Nội vụ", "Bộ Tư pháp"]),
        ("Bộ Y tế (chủ trì), Bộ Nội vụ", ["Bộ Y tế"], ["Bộ Nội vụ"]),
        ("Bộ Y tế, Bộ Nội vụ phối hợp Bộ Tư pháp", ["Bộ Y tế", "Bộ Nội vụ"], ["Bộ Tư pháp"]),
        ("Các bộ, ngành được giao nhiệm vụ", [MINISTRIES], []),  # what qualifies a body is no other body
        ("Bộ, ngành, đia phương", [MINISTRIES, PROVINCES], []),  # a typing slip
        ("Bộ Nôi vụ", ["Bộ Nội vụ"], []),
        ("Bô Công an; BộY tế", ["Bộ Công an", "Bộ Y tế"], []),  # as OCR bends them
        ("Bộ Khoa hoc và Công nghệ", ["Bộ Khoa học và Công nghệ"], []),
        ("Bộ Văn hoá Thể thao & Du lịch", ["Bộ Văn hóa, Thể thao và Du lịch"], []),
        ("Đảng ủy các bộ, ngành, địa phương", ["Đảng ủy các bộ, ngành, địa phương"], []),
        ("Chủ đầu tư; Bộ Y tế", ["Chủ đầu tư", "Bộ Y tế"], []),  # as written
        ("Các bên chủ trì bán hàng, vận tải", ["Các bên chủ trì bán hàng, vận tải"], []),  # a class, no mark
        ("Đơn vị thực hiện: Lâm Đồng", ["Tỉnh Lâm Đồng"], []),  # a label is no body
        ("", [], []),
        (" - ", [], []),
        ("Không có", [], []),  # says that there is none
    ],
)
def test_read_cell(cell: str, leads: list[str], coops: list[str]) -> None:
    found = read_cell(cell, CENTRAL)
    assert [m.name for m in found if m.role == "lead"] == leads
    assert [m.name for m in found if m.role == "coop"] == coops


@pytest.mark.parametrize(
    ("text", "leads", "coops"),
    [
        # chủ trì, phối hợp
        ("Bộ Y tế chủ trì, phối hợp với Bộ Nội vụ, các bộ, ngành rà soát", ["Bộ Y tế"], ["Bộ Nội vụ", MINISTRIES]),
        ("Bộ Y tế phối hợp Bộ Nội vụ rà soát", ["Bộ Y tế"], ["Bộ Nội vụ"]),
        ("Giao Bộ Y tế chủ trì; Bộ Nội vụ, VPCP phối hợp", ["Bộ Y tế"], ["Bộ Nội vụ", "Văn phòng Chính phủ"]),
        ("Phối hợp với các ngân hàng, thuế và hải quan rà soát", [], ["Các ngân hàng", "Thuế", "Hải quan"]),
        ("Phối hợp, đôn đốc các địa phương hoàn thành", [], [PROVINCES]),
        ("Bộ Y tế, Bộ Nội vụ phối hợp hoàn thiện quy trình", ["Bộ Y tế", "Bộ Nội vụ"], []),  # with each other
        ("Việc này do Bộ Y tế chủ trì, cùng Bộ Nội vụ thực hiện", ["Bộ Y tế"], ["Bộ Nội vụ"]),  # passive
        ("Giao Bộ Y tế là cơ quan chủ trì, Bộ Nội vụ là cơ quan phối hợp", ["Bộ Y tế"], ["Bộ Nội vụ"]),
        # subjects
        ("Trong đó, Bộ Y tế: bố trí vốn", ["Bộ Y tế"], []),
        ("Bộ Y tế, Bộ Nội vụ theo chức năng rà soát", ["Bộ Y tế", "Bộ Nội vụ"], []),
        ("Trong tháng 9, Bộ Tư pháp tổng hợp", ["Bộ Tư pháp"], []),
        ("(2) Bộ Tư pháp tổng hợp", ["Bộ Tư pháp"], []),
        ("Bộ Tư pháp:", ["Bộ Tư pháp"], []),  # a label
        ("Đối với Bộ Tư pháp:", ["Bộ Tư pháp"], []),
        ("Trên cơ sở báo cáo của Bộ Y tế, Bộ Nội vụ tổng hợp", ["Bộ Nội vụ"], []),
        # told by somebody
        ("Thủ tướng giao Bộ Y tế rà soát", ["Bộ Y tế"], []),
        ("Đề nghị Thủ tướng chỉ đạo các bộ, ngành cung cấp số liệu", [MINISTRIES], []),
        # bodies of communes, and names that run into a verb
        ("Phòng Văn hóa - Xã hội treo băng rôn ở trục đường chính", ["Phòng Văn hóa - Xã hội"], []),
        ("Cục Nhà giáo và CBQLGD nghiên cứu định mức", ["Cục Nhà giáo và Cán bộ quản lý giáo dục"], []),
        # what many bodies' names are shortened by is written out
        ("Ban QLDA ĐTXD tỉnh rà soát hồ sơ", ["Ban Quản lý dự án đầu tư xây dựng tỉnh"], []),
        ("Ban Chỉ đạo GPMB tỉnh rà soát hồ sơ", ["Ban Chỉ đạo giải phóng mặt bằng tỉnh"], []),
        ("Các xóm gọi điện cho con em đi làm xa", ["Các xóm"], []),
        (
            "Văn phòng HĐND và UBND xã lập danh sách cử tri",
            ["Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã"],
            [],
        ),
        # a steering committee that is told to act, and one that only orders
        (
            "Ban Chỉ đạo Phòng thủ dân sự quốc gia theo dõi sát diễn biến",
            ["Ban Chỉ đạo Phòng thủ dân sự quốc gia"],
            [],
        ),
        ("Ban Chỉ đạo Phòng thủ dân sự quốc gia yêu cầu Bộ Y tế cử bác sĩ", ["Bộ Y tế"], []),
        # who does what the passive says; not who did it
        ("Kết quả được Sở Y tế gửi về Bộ Y tế hằng tuần", ["Sở Y tế"], []),
        ("Danh sách đã được Sở Y tế gửi ngày 06/4/2026", [], []),
        # a title alone gives the order, whoever is named in front
        ("Đối với các đơn vị thuộc Bộ, Bộ trưởng giao Cục Lâm nghiệp bàn giao ảnh", ["Cục Lâm nghiệp"], []),
        ("Để kịp tiến độ, Bộ Y tế đề xuất Thủ tướng giao Bộ Nội vụ chủ trì", ["Bộ Nội vụ"], []),
        ("Bộ Y tế đề nghị các địa phương khẩn trương gửi số liệu", [PROVINCES], []),
        ("Về kinh phí, yêu cầu các địa phương tự cân đối", [PROVINCES], []),
        ("Kiến nghị Quốc hội sớm thông qua", ["Quốc hội"], []),
        # whose side is spoken of, and who of it acts; alike they act together
        ("Về phía Bộ Y tế, Cục Quản lý Dược có trách nhiệm công khai giá", ["Cục Quản lý Dược"], []),
        (
            "Về phía Bộ Y tế, Cục Quản lý Dược, Cục Dân số rà soát",
            ["Cục Quản lý Dược", "Cục Dân số"],
            [],
        ),
        ("Về phía Bộ Y tế, Bộ Nội vụ rà soát biên chế", ["Bộ Y tế", "Bộ Nội vụ"], []),
        ("Về phía Bộ Y tế, khẩn trương rà soát", ["Bộ Y tế"], []),
        # directed by whom the label names: a body of its own that leads others answers itself
        ("Chỉ đạo Sở Y tế chủ trì, phối hợp với Bộ Nội vụ rà soát", ["Sở Y tế"], ["Bộ Nội vụ"]),
        ("Chỉ đạo Sở Y tế phối hợp với Bộ Nội vụ rà soát", [], ["Bộ Nội vụ"]),
        ("Chỉ đạo Cục Dân số chủ trì, phối hợp với Bộ Nội vụ rà soát", [], ["Bộ Nội vụ"]),  # a unit of its own
        ("Ban hành kế hoạch, phân rõ Bộ Y tế chịu trách nhiệm từng việc", [], []),  # who is named does not lead
        # a steering committee urges by itself, and passes on what others are to do
        (
            "Ban Chỉ đạo 389 quốc gia đôn đốc, kiểm tra việc thực hiện Chỉ thị này",
            ["Ban Chỉ đạo 389 quốc gia"],
            [],
        ),
        ("Nhận được văn bản này, các địa phương triển khai", [PROVINCES], []),  # what comes first is no object
        ("Thay Bộ Nội vụ chủ trì làm sạch dữ liệu mộ", [], []),  # another is to do it instead
        # objects are neither
        ("Hướng dẫn các địa phương, báo cáo Thủ tướng Chính phủ", [], []),
        ("Gửi kết quả về Bộ Y tế trước ngày 5/9/2025", [], []),
        ("Sử dụng dữ liệu của Bộ Y tế", [], []),
        ("Bộ Tài chính chỉ đạo các ngân hàng giảm lãi suất", ["Bộ Tài chính"], []),
        ("Bộ Tài chính bố trí vốn theo đề xuất của Bộ Y tế", ["Bộ Tài chính"], []),
        ("Theo hướng giao một số doanh nghiệp vận hành", [], []),
        ("Bộ Công an đã cung cấp tài liệu", [], []),  # a result
        ("Thực hiện Quyết định số 7/QĐ-TTg của Thủ tướng Chính phủ, Bộ Y tế ban hành kế hoạch", ["Bộ Y tế"], []),
        # over sentences
        ("Rà soát quy định hiện hành. Các bộ, ngành gửi kết quả", [MINISTRIES], []),
        ("Bộ Y tế rà soát; phối hợp với Bộ Nội vụ hoàn thiện", ["Bộ Y tế"], ["Bộ Nội vụ"]),
        ("Đề nghị các tỉnh (trừ tỉnh Lai Châu) gửi số liệu", [PROVINCES], []),
        # said at the end who does it; a thing that somebody runs is no task of his
        ("Số hóa hồ sơ của 30 xã do Trung tâm Lưu trữ thực hiện trong quý III/2025", ["Trung tâm Lưu trữ"], []),
        ("Cập nhật cơ sở dữ liệu do Trung tâm Lưu trữ vận hành", [], []),
        # one directs another and answers for it
        ("Bộ Công an chỉ đạo Công an các tỉnh chủ trì đấu tranh", ["Bộ Công an"], []),
        ("Thủ tướng Chính phủ chỉ đạo Bộ Nội vụ chủ trì rà soát", ["Bộ Nội vụ"], []),
        ("Bộ Y tế trình Quốc hội cho phép HĐND cấp tỉnh quyết định", ["Bộ Y tế"], []),
        ("Cho phép Bộ Y tế tiếp tục thí điểm", ["Bộ Y tế"], []),
    ],
)
def test_roles(text: str, leads: list[str], coops: list[str]) -> None:
    got = roles(text, find(text, CENTRAL))
    assert [m.name for m in got.leads] == leads
    assert [m.name for m in got.coops] == coops


def test_a_cell_of_a_province_leaves_out_so() -> None:
    assert [m.name for m in read_cell("Tài chính; Nội vụ", KHANH_HOA)] == ["Sở Tài chính", "Sở Nội vụ"]


def test_the_subject_is_the_span_of_the_leads() -> None:
    text = "Đề nghị Bộ Y tế và Bộ Nội vụ rà soát."
    start, end = roles(text, find(text, CENTRAL)).subject or (0, 0)
    assert text[start:end] == "Bộ Y tế và Bộ Nội vụ"


OURS = Office((OwnBody("UBND tỉnh Khánh Hòa", predecessors=("Tỉnh Ninh Thuận",)),))
MINISTRY = Office((OwnBody("Bộ Công an"),))
DEPARTMENT = Office((OwnBody("Sở Y tế", scope="Khánh Hòa", predecessors=("Sở Y tế tỉnh Ninh Thuận",)),))


@pytest.mark.parametrize(
    ("text", "office", "expected"),
    [
        ("UBND tỉnh Khánh Hòa rà soát", OURS, "named"),
        ("Chủ tịch UBND tỉnh Khánh Hòa rà soát", OURS, "named"),  # our head
        ("UBND tỉnh Ninh Thuận rà soát", OURS, "named"),  # what we were
        ("Sở Y tế tỉnh Khánh Hòa rà soát", OURS, "named"),  # a unit of ours
        ("Sở Y tế tỉnh Sơn La rà soát", OURS, "no"),
        ("Các địa phương rà soát", OURS, "collective"),
        ("Các bộ, ngành rà soát", OURS, "no"),
        ("Các tỉnh có biển rà soát", OURS, "condition"),
        ("Các địa phương liên quan rà soát", OURS, "condition"),
        ("Các tỉnh (trừ tỉnh Khánh Hòa) rà soát", OURS, "excluded"),
        ("Các tỉnh (trừ tỉnh Lai Châu) rà soát", OURS, "collective"),
        ("Các bộ, ngành rà soát", MINISTRY, "collective"),
        ("Bộ Y tế phối hợp với Bộ Công an rà soát", MINISTRY, "named"),
        ("Cục Cảnh sát giao thông rà soát", MINISTRY, "named"),  # a unit of ours
        ("Các địa phương rà soát", MINISTRY, "no"),
        ("Sở Y tế tỉnh Khánh Hòa rà soát", DEPARTMENT, "named"),
        ("Sở Y tế tỉnh Ninh Thuận rà soát", DEPARTMENT, "named"),  # its province is ours today
        ("Sở Y tế tỉnh Sơn La rà soát", DEPARTMENT, "no"),  # another one of the same name
        ("Các bộ, ngành rà soát", Office(), "no"),  # nobody said who we are
    ],
)
def test_concern(text: str, office: Office, expected: str) -> None:
    got = roles(text, find(text, CENTRAL))
    assert concern(got.leads, got.coops, text, AgencyContext(on=CENTRAL.on, office=office)) == expected


HEALTH = Office((OwnBody("Bộ Y tế"),))


@pytest.mark.parametrize(
    ("text", "issuer", "recipients", "expected"),
    [
        ("Bộ Y tế chủ trì, phối hợp với Bộ Công an rà soát", "CHÍNH PHỦ", "", ("named", "leads")),
        ("Cục Quản lý Dược rà soát", "BỘ Y TẾ", "", ("named", "leads")),  # a unit of ours
        ("Bộ Công an chủ trì, phối hợp với Bộ Y tế rà soát", "CHÍNH PHỦ", "", ("named", "cooperates")),
        ("Bộ Công an chủ trì, phối hợp với các bộ, ngành rà soát", "CHÍNH PHỦ", "", ("collective", "cooperates")),
        ("Các bộ, ngành rà soát", "CHÍNH PHỦ", "", ("collective", "among_all")),
        # named to help in what all must do: still one of all
        ("Các bộ, ngành phối hợp với Bộ Y tế rà soát", "CHÍNH PHỦ", "", ("named", "among_all")),
        ("Các đơn vị rà soát", "BỘ Y TẾ", "", ("collective", "among_all")),  # our own
        ("Các đơn vị rà soát", "CHÍNH PHỦ", "", ("collective", "among_all")),  # whoever they are
        ("Các đơn vị rà soát", "BỘ CÔNG THƯƠNG", "", ("no", None)),  # its own units
        ("Các đơn vị rà soát", "UBND THÀNH PHỐ HẢI PHÒNG", "Các sở, ngành", ("no", None)),
        ("Các đơn vị rà soát", "BỘ CÔNG THƯƠNG", "Bộ Y tế", ("collective", "among_all")),  # it addresses us
        ("Các đơn vị rà soát", "BỘ CÔNG THƯƠNG", "Các Bộ, cơ quan ngang Bộ", ("collective", "among_all")),
        ("Các đơn vị rà soát", None, "", ("collective", "among_all")),  # nobody knows whose
        ("Bộ Công an rà soát", "CHÍNH PHỦ", "", ("no", None)),
    ],
)
def test_our_role(text: str, issuer: str | None, recipients: str, expected: tuple[str, str | None]) -> None:
    context = AgencyContext(on=CENTRAL.on, issuer=issuer, recipients=find(recipients, CENTRAL), office=HEALTH)
    got = roles(text, find(text, context))
    assert concern(got.leads, got.coops, text, context) == expected[0]
    assert our_role(got.leads, got.coops, text, context) == expected[1]


# A province's body is one by its name alone.
@pytest.mark.parametrize(
    "own",
    [
        OwnBody("Ủy ban nhân dân tỉnh Khánh Hòa"),
        OwnBody("Sở Y tế tỉnh Khánh Hòa"),
        OwnBody("Sở Y tế", "Khánh Hòa"),
    ],
)
def test_departments_of_other_provinces_are_not_ours(own: OwnBody) -> None:
    for issuer, ours in (("UBND TỈNH KHÁNH HÒA", True), ("UBND TỈNH VĨNH LONG", False)):
        context = AgencyContext(on=CENTRAL.on, issuer=issuer, scope=scope_of(issuer), office=Office((own,)))
        told = ("Các sở, ban, ngành tỉnh rà soát", "Sở Y tế rà soát")
        found = [concern(find(words, context), (), words, context) for words in told]
        assert [how != "no" for how in found] == [ours, ours]


@pytest.mark.parametrize(
    ("words", "issuer", "ours"),
    [
        # provinces, in a central letter: what they are told they tell their communes and departments
        ("Các địa phương", "CHÍNH PHỦ", ["province"]),
        ("UBND các tỉnh, thành phố trực thuộc trung ương", "BỘ Y TẾ", ["province"]),
        ("Các địa phương có biển", "CHÍNH PHỦ", ["province"]),
        # the communes of whose letter it is
        ("Các địa phương", "UBND TỈNH KHÁNH HÒA", ["province", "commune"]),
        ("Các địa phương", "UBND TỈNH GIA LAI", []),
        ("Ủy ban nhân dân các xã, phường", "UBND TỈNH KHÁNH HÒA", ["province", "commune"]),
        ("Ủy ban nhân dân các xã, phường", "UBND TỈNH GIA LAI", []),
        ("Các sở, ban, ngành", "UBND TỈNH KHÁNH HÒA", ["province", "department"]),
        ("Các sở, ban, ngành", "UBND TỈNH GIA LAI", []),
        ("Các tổ chức chính trị - xã hội", "UBND TỈNH KHÁNH HÒA", []),  # not of a commune
        ("Các đơn vị", "UBND TỈNH KHÁNH HÒA", ["province", "department", "commune"]),
        ("Các bộ, ngành", "CHÍNH PHỦ", []),
    ],
)
def test_localities_are_those_of_whose_letter_it_is(words: str, issuer: str, ours: list[str]) -> None:
    own = {
        "province": OwnBody("Tỉnh Khánh Hòa"),
        "department": OwnBody("Sở Y tế", "Khánh Hòa"),
        "commune": OwnBody("Ủy ban nhân dân xã Cam Lâm", "Khánh Hòa"),
    }
    found = []
    for name, body in own.items():
        context = AgencyContext(on=CENTRAL.on, issuer=issuer, scope=scope_of(issuer), office=Office((body,)))
        if concern(find(words, context), (), f"{words} rà soát", context) != "no":
            found.append(name)
    assert found == ours


def test_units_are_those_of_our_own_province() -> None:
    department = Office((OwnBody("Sở Y tế", scope="Khánh Hòa"),))
    for issuer, expected in (("UBND TỈNH KHÁNH HÒA", "among_all"), ("UBND TỈNH LÂM ĐỒNG", None)):
        context = AgencyContext(on=CENTRAL.on, issuer=issuer, office=department)
        assert our_role(find("Các đơn vị", context), (), "Các đơn vị rà soát", context) == expected


@pytest.mark.parametrize(
    ("issuer", "scope"),
    [
        ("UBND TỈNH KHÁNH HÒA", "Tỉnh Khánh Hòa"),
        ("SỞ Y TẾ TỈNH NGHỆ AN", "Tỉnh Nghệ An"),
        ("SỞ NỘI VỤ HÀ NỘI", "Thành phố Hà Nội"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", "Thành phố Hồ Chí Minh"),
        ("TỈNH ỦY QUẢNG NINH", "Tỉnh Quảng Ninh"),
        ("BỘ Y TẾ", None),
        ("ĐẠI HỌC QUỐC GIA HÀ NỘI", None),  # a province in a central body's name
        ("UBND PHƯỜNG BA ĐÌNH", None),  # its province is not said
        ("", None),
    ],
)
def test_scope_of(issuer: str, scope: str | None) -> None:
    assert scope_of(issuer) == scope
