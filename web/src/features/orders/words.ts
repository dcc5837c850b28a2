import type { FeatureWords } from "@/app/i18n";

export default {
  zh: {
    yes: "是", no: "否", choose: "请选择", letters: "{n} 字，最多 {limit} 字", nothingToFill: "这一步不需要填写内容。", keys: "工单",
    primary: "主要操作", moreActions: "其他操作（{n}）", showRefused: "暂不能办的操作（{n}）", hideRefused: "收起暂不能办的操作",
    nothingToDo: "目前没有需要您办的事。", done: "{label}已完成，工单现在是“{state}”", undone: "已撤销“{label}”",
    undoReason: "操作有误，撤销“{label}”", confirm: "确定{label}吗？", closeForm: "收起{label}", restored: "这是上次没有提交的内容。",
    forget: "清空重填", keptHere: "已输入的内容会保留", noLonger: "工单现在是“{state}”，不能再{label}", copy: "点一下复制工单号",
    copied: "已复制", confidential: "保密", supervised: "督办中", redone: "重办 {n} 次", returned: "退单 {n} 次", urged: "催办 {n} 次",
    mergedInto: "并入主单 {number}", children: "另有 {n} 张工单并入本单", anonymous: "匿名", noName: "未留姓名", answer: "答复诉求人",
    openQuestions: "联系时可以问清",
    check: {
      fill: "请填写{label}", choose: "请选择{label}", long: "{label}太长，最多 {limit} 字", whole: "{label}请填整数",
      milestone: "每个节点都要写明内容和日期", leadIsAssisting: "主办单位不用再列为协办", contactMissing: "没有联系记录的，请写明未联系上的原因",
      unsatisfiedReason: "请写明不满意或未解决的原因", tellCitizen: "请先告知诉求人原因和合法渠道，再提交",
    },
    milestone: {
      what: "要做到什么", whatOf: "第 {n} 个节点的内容", whenOf: "第 {n} 个节点的日期", add: "增加一个节点", take: "去掉", reached: "已完成",
      open: "未完成",
    },
    turn: {
      label: "现在该", label_over: "结果", draft: "登记人 {operator} 提交或办结", in_review: "班组长审核", to_dispatch: "派单员派单", disputed: "会商确定承办单位",
      suspended: "等待恢复，期间不计时", awaiting_citizen: "等诉求人补充，期间不计时", reply_review: "审核员审核答复", to_call_back: "回访员回访",
      closed: "已经办结", archived: "已经归档", units: "{units}", return_requested: "派单员审核退单：{units}", application: "审核延期或承诺申请；{units}继续办理",
    },
    fact: {
      place: "地点", noPlace: "没有写明地点", matter: "事项", noMatter: "还没有归类", caller: "诉求人", received: "受理", closed: "办结",
      source: "原编号 {number}",
    },
    part: {
      shares: "承办单位", applications: "申请与审核", milestones: "承诺节点", attempts: "回访记录", clocks: "时限", files: "附件", events: "办理经过",
    },
    share: {
      below: "└", handDown: "下派", mine: "本单位", dispatched: "派出", accepted: "签收", contacted: "首次联系", replied: "答复", due: "应于", note: "要求：",
      reply: "答复", basis: "依据：", unreached: "未联系上：",
    },
    clock: {
      kind: "时限", state: "状态", due: "到期", running: "{n} 项计时中", paused: "已停表", done: "{at} 完成", doneLate: "{at} 完成，超期", dueAt: "应于 {at}",
    },
    application: { days: "延长 {n} 个工作日", until: "至 {day}", basis: "依据：", decision: "意见：" },
    attempt: {
      reached: "已接通", notReached: "未接通", solved: "已解决", notSolved: "未解决",
      way: { phone: "电话", sms: "短信", wechat: "微信" },
    },
    files: {
      none: "还没有附件。", add: "上传附件", hint: "也可以把文件拖到这里。照片中的拍摄位置等信息会自动去除。", sending: "正在上传", sendingName: "正在上传 {name}", leave: "不传了", photo: "拍照上传", photoSent: "照片已上传",
    },
    reveal: {
      ask: "查看完整信息", reason: "为什么要看，如：联系诉求人核实地址", show: "查看", hide: "隐藏", soon: "{n} 秒后自动隐藏",
      recorded: "查看会记入工单历史。", needsReason: "请写明查看的原因。",
    },
    stale: {
      who: "{actor} 刚刚做了“{label}”", kept: "您填写的内容还在，看过最新情况后可以接着提交。", reload: "看最新情况", first: "请先看最新情况",
    },
    events: { newest: "最近的在前", oldest: "最早的在前", none: "还没有记录。" },
    dispatch: {
      keys: "派单", suggestion: "派单目录的建议", similar: "相似工单和去向", take: "采用", taken: "已采用", looking: "正在查派单目录", noMatter: "工单还没有归类，派单目录给不出建议。可以先更正事项，也可以直接选单位。",
      none: "派单目录里没有这个事项。请按职责选择单位。", lead: "主办", assisting: "协办", whereUnknown: "地点不明，不能确定属地单位",
      departmentWork: "部门事项：派给街道须写明理由",
    },
    reply: {
      below: "各单位的回复", quote: "引用到答复", contacted: "已联系诉求人", notContacted: "还没有联系记录。可以先记“联系诉求人”；确实联系不上的，在下面写明原因。",
      hint: "写明做了什么、什么时候、由谁负责，以及诉求人接下来会看到什么。", checks: "答复自查", met: "已写明", notMet: "还没有写明",
      check: { measure: "采取的措施", when: "时间", who: "负责的人", own: "有具体内容" },
    },
    callBack: {
      script: "回访用语", citizen: "您好", opening: "{caller}，这里是 12345 热线。您反映的“{title}”，承办单位是这样答复的：",
      questions: "请问问题解决了吗？对办理情况满意吗？", again: "没有接通的会换个时间再访，这次记录会保留。",
    },
  },
  en: {
    yes: "Yes", no: "No", choose: "Choose", letters: "{n} of {limit} characters", nothingToFill: "Nothing to fill in.", keys: "Order",
    primary: "Main action", moreActions: "More actions ({n})", showRefused: "Not possible now ({n})", hideRefused: "Hide what is not possible",
    nothingToDo: "Nothing for you to do now.", done: "{label} done; the order is now “{state}”", undone: "“{label}” taken back",
    undoReason: "操作有误，撤销“{label}”", confirm: "{label}?", closeForm: "Close {label}", restored: "This was typed earlier and not sent.",
    forget: "Start again", keptHere: "What you type is kept", noLonger: "The order is now “{state}”; {label} is no longer possible", copy: "Copy the number",
    copied: "Copied", confidential: "Confidential", supervised: "Supervised", redone: "Redone ×{n}", returned: "Sent back ×{n}", urged: "Urged ×{n}",
    mergedInto: "Merged into {number}", children: "{n} more merged into this one", anonymous: "Anonymous", noName: "No name", answer: "Answer to the citizen",
    openQuestions: "Worth asking at the first contact",
    check: {
      fill: "Fill in {label}", choose: "Choose {label}", long: "{label}: at most {limit} characters", whole: "{label}: a whole number",
      milestone: "Every milestone needs what and when", leadIsAssisting: "The lead unit need not assist", contactMissing: "Without a contact record, say why the citizen was not reached",
      unsatisfiedReason: "Say why", tellCitizen: "Tell the citizen the reason and the lawful way first",
    },
    milestone: {
      what: "What will be done", whatOf: "Milestone {n}: what", whenOf: "Milestone {n}: when", add: "Add a milestone", take: "Remove", reached: "Reached",
      open: "Open",
    },
    turn: {
      label: "Now", label_over: "Result", draft: "{operator} submits or closes", in_review: "the team leader reviews", to_dispatch: "a dispatcher dispatches",
      disputed: "the meeting appoints a unit", suspended: "waiting to resume; clocks stopped", awaiting_citizen: "waiting for the citizen; clocks stopped",
      reply_review: "a reviewer checks the reply", to_call_back: "call back the citizen", closed: "closed", archived: "archived", units: "{units} to act",
      return_requested: "a dispatcher decides the return: {units}", application: "decide the extension or promise; {units} go on",
    },
    fact: {
      place: "Place", noPlace: "No place given", matter: "Matter", noMatter: "Not classified yet", caller: "Citizen", received: "Received", closed: "Closed",
      source: "source number {number}",
    },
    part: {
      shares: "Units", applications: "Applications", milestones: "Milestones", attempts: "Call-backs", clocks: "Clocks", files: "Files", events: "History",
    },
    share: {
      below: "└", handDown: "Handed down", mine: "our unit", dispatched: "Dispatched", accepted: "Accepted", contacted: "Contacted", replied: "Replied", due: "Due",
      note: "Asked: ", reply: "Reply", basis: "Basis: ", unreached: "Not reached: ",
    },
    clock: {
      kind: "Clock", state: "State", due: "Due", running: "{n} running", paused: "Paused", done: "done {at}", doneLate: "done {at}, late", dueAt: "due {at}",
    },
    application: { days: "{n} more working days", until: "until {day}", basis: "Basis: ", decision: "Decision: " },
    attempt: {
      reached: "Reached", notReached: "Not reached", solved: "Solved", notSolved: "Not solved", way: { phone: "Phone", sms: "Text message", wechat: "WeChat" },
    },
    files: {
      none: "No files yet.", add: "Upload", hint: "Or drop files here. Where a photo was taken is removed from it.", sending: "Uploading", sendingName: "Uploading {name}", leave: "Leave it", photo: "Take a photo", photoSent: "Photo uploaded",
    },
    reveal: {
      ask: "Show in clear", reason: "Why, e.g. to check the address", show: "Show", hide: "Hide", soon: "hidden again after {n} s",
      recorded: "This is recorded in the history.", needsReason: "Say why first.",
    },
    stale: {
      who: "{actor} has just done “{label}”", kept: "What you typed is still here; look at the news, then send.", reload: "Show the news", first: "Look at the news first",
    },
    events: { newest: "Newest first", oldest: "Oldest first", none: "Nothing yet." },
    dispatch: {
      keys: "Dispatch", suggestion: "The catalogue suggests", similar: "Similar orders and where they went", take: "Take it", taken: "Taken", looking: "Asking the catalogue", noMatter: "No matter yet, so the catalogue cannot suggest. Correct the matter or choose a unit.",
      none: "The catalogue has no line for this matter. Choose by duty.", lead: "Lead", assisting: "Assisting", whereUnknown: "Place unknown: no territorial unit",
      departmentWork: "Department work: a street office needs a reason",
    },
    reply: {
      below: "What the units replied", quote: "Quote", contacted: "Citizen contacted", notContacted: "No contact record yet. Record a contact first, or say below why the citizen was not reached.",
      hint: "What was done, when, by whom, and what the citizen will see next.", checks: "Check", met: "stated", notMet: "not stated yet",
      check: { measure: "Measure", when: "When", who: "Who", own: "Substance" },
    },
    callBack: {
      script: "Script", citizen: "您好", opening: "{caller}，这里是 12345 热线。您反映的“{title}”，承办单位是这样答复的：", questions: "请问问题解决了吗？对办理情况满意吗？",
      again: "Not reached: it will be tried again at another time.",
    },
  },
} satisfies FeatureWords;
