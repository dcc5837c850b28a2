"""The registration fields 登记项 as files name them: what an import can fill and an export gives back."""

from dataclasses import dataclass

from huying.orders.flow import Channel, Nature, Urgency


@dataclass(frozen=True, slots=True)
class FileField:
    """One field: its name in mappings and JSON Lines, its Chinese heading, other headings it is recognised by."""

    name: str
    label: str
    known_as: tuple[str, ...] = ()


FIELDS: dict[str, FileField] = {
    field.name: field
    for field in (
        FileField("content", "诉求内容", ("内容", "诉求详情", "留言详情", "留言内容", "工单内容", "问题描述", "描述", "详情", "detail", "text", "message", "description")),
        FileField("title", "标题", ("主题", "留言主题", "工单标题", "诉求标题", "subject")),
        FileField("nature", "性质", ("诉求性质", "诉求类型", "工单类型", "类型", "type")),
        FileField("channel", "渠道", ("来源渠道", "受理渠道", "诉求来源", "来源")),
        FileField("received_at", "受理时间", ("留言时间", "来电时间", "诉求时间", "登记时间", "提交时间", "创建时间", "时间", "time", "created_at", "date")),
        FileField("source_id", "来源编号", ("留言编号", "信件编号", "来信编号", "编号", "id", "uid")),
        FileField("source_number", "原编号", ("原工单编号", "原单号", "受理单号")),
        FileField("citizen.name", "姓名", ("诉求人", "诉求人姓名", "来电人", "联系人", "留言用户", "网友", "name", "user")),
        FileField("citizen.phone", "电话", ("联系电话", "手机", "手机号", "手机号码", "来电号码", "联系方式", "phone", "tel", "mobile")),
        FileField("citizen.title", "称呼", ()),
        FileField("citizen.anonymous", "匿名", ("是否匿名", "anonymous")),
        FileField("place", "地址", ("事发地址", "事件地址", "事发地点", "地点", "诉求地址", "address", "location")),
        FileField("street", "街道编码", ("街道", "所属街道", "镇街", "街道镇")),
        FileField("lat", "纬度", ("latitude",)),
        FileField("lng", "经度", ("longitude", "lon")),
        FileField("matter", "分类编码", ("内容分类", "事项", "事项编码", "分类")),
        FileField("urgency", "紧急程度", ("紧急级别", "紧急度")),
        FileField("confidential", "保密", ("是否保密",)),
    )
}  # fmt: skip

CODES: dict[str, dict[str, str]] = {
    "nature": {item.label: item.value for item in Nature} | {item.value: item.value for item in Nature},
    "channel": {item.label: item.value for item in Channel} | {item.value: item.value for item in Channel},
    "urgency": {item.label: item.value for item in Urgency} | {item.value: item.value for item in Urgency},
}
TRUTHS = {
    **dict.fromkeys(("是", "1", "true", "yes", "y", "t", "匿名", "保密", "√", "✓"), True),
    **dict.fromkeys(("否", "0", "false", "no", "n", "f", "不匿名", "实名", "公开", "不保密", ""), False),
}
TRUTH_FIELDS = ("citizen.anonymous", "confidential")

# an order that came without an id of its source is exported under its number, and known again by it
OWN_PREFIX = "huying:"
EXPORT_MARK = "导出批次"  # the column that says which export a row was taken out by
REJECT_COLUMNS = ("_行号", "_错误代码", "_原因", "_多出的内容")
