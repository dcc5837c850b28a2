import type { Words } from "../i18n";

export default {
  app: {
    comma: "、", name: "呼应", desk: "工作台", hotline: "12345 政务服务便民热线", skip: "跳到正文",
    home: "我的待办", orders: "工单", register: "登记诉求", help: "快捷键", day: "日间", night: "夜间", theme: "换成{name}配色",
    language: "English", languageTo: "切换到英文", signOut: "退出", account: "账号", unit: "单位", roles: "岗位",
    fold: "收起侧栏", unfold: "展开侧栏", queues: "待办", work: "工作", live: "实时更新正常", notLive: "实时更新中断，数据每分钟刷新",
    offline: "网络已断开。已输入的内容都在，恢复后会自动继续。", jump: "查工单", jumpHint: "工单号、电话或内容，回车查找",
    demo: "演示数据", singleKeys: "单键快捷键", singleKeysHint: "关闭后只保留带 Ctrl、Alt 的快捷键", on: "开", off: "关",
  },
  keys: {
    title: "快捷键", everywhere: "任何页面", help: "看快捷键", home: "到我的待办", orders: "到工单列表", register: "登记诉求",
    search: "到查询框", close: "关闭", none: "这个页面没有其他快捷键。", note: "输入拼音时，按键只归输入法。",
    theme: "换配色",
  },
  action: {
    retry: "再试一次", cancel: "取消", confirm: "确认", close: "关闭", save: "保存", delete: "删除", more: "再看一些", undo: "撤销",
    refresh: "刷新", back: "返回", clear: "清空", signIn: "登录", open: "打开",
  },
  picker: {
    unit: "单位", units: "单位", unitHint: "名称、简称或拼音首字母", matter: "事项", matterHint: "输入事项或市民的说法，如 暖气不热",
    place: "地址", placeHint: "地址或拼音首字母，如 cybjd", order: "工单", orderHint: "工单号、标题或内容", nothing: "没有找到“{asked}”。换个说法再试。",
    failed: "查询没有成功。请再输入一次。", clear: "去掉 {title}", belongs: "归属", notThere: "不是这里",
    placeNothing: "区划库里没有找到。可以直接按市民说的填写。",
  },
  tier: { "1": "市热线", "2": "二级单位", "3": "三级单位" },
  unitKind: {
    hotline: "热线中心", area: "区县", zone: "开发区", department: "市级部门", utility: "公用企业", district_department: "区级部门", street: "街道",
    squad: "所队",
  },
  time: {
    justNow: "刚刚", minutesAgo: "{n} 分钟前", hoursAgo: "{n} 小时前", today: "今天 {time}", yesterday: "昨天 {time}",
    tomorrow: "明天 {time}",
  },
  lamp: { green: "正常", yellow: "快到期", red: "已超期", none: "不计时", by: "应于 {time} 前", since: "已超期，应于 {time} 前" },
  state: {
    loading: "正在读取", stale: "内容可能不是最新", staleAt: "{time}读取",
  },
  error: {
    offline: "连不上服务器。请检查网络，页面上的内容不会丢。", server: "服务器没有正常回答（{status}）。请稍后再试。",
    unreadable: "服务器的回答读不懂（{status}）。请稍后再试，仍不行请联系信息中心。", notFound: "没有这张工单，或者您看不到它。",
    forbidden: "您的岗位没有这项权限。需要时请找班组长或管理员。", unknown: "出了点问题。请再试一次。", title: "没有读到内容", refused: "没有办成",
    page: "没有这个页面", pageHint: "地址可能写错了。", fields: "有 {n} 处需要改", stale: "别人刚改过这张工单",
  },
  field: { required: "必填" },
  confirm: { cannotUndo: "这一步不能撤销。" },
  count: {
    about: "约 {n} 件", exact: "共 {n} 件", none: "没有", wan: "{n} 万", lessThan: "少于 {n} 件",
  },
  codes: {},
} satisfies Words;
