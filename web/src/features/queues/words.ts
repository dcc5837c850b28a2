import type { FeatureWords } from "@/app/i18n";

export default {
  zh: {
    title: "我的待办", queues: "队列", byDue: "按到期先后", byNewest: "按受理先后", none: "您的岗位没有待办队列", noneHint: "可以在“工单”里查询。需要承办权限请找管理员。",
    empty: "“{name}”里没有工单", emptyHint: "有新的会自动出现在这里。", pick: "在左边选一件工单", pickHint: "按 J、K 上下移动，按 Enter 进入工单。",
    keys: "待办队列", down: "下一件", up: "上一件", into: "进入工单", backToList: "回到列表", full: "整页打开", nextQueue: "下一个队列", previousQueue: "上一个队列",
    openFull: "整页打开", more: "再看一些", inList: "在工单列表中打开", place: "地点未填",
    hint: { due_soon: "都在时限内办完了。", sent_again: "没有被退回重办的工单。", to_accept: "没有等待签收的工单。", to_contact: "都已联系过诉求人。" },
  },
  en: {
    title: "My queues", queues: "Queues", byDue: "Due first", byNewest: "Newest first", none: "Your role has no queues",
    noneHint: "Look in Orders, or ask the administrator for permissions.", empty: "Nothing in “{name}”", emptyHint: "New ones appear by themselves.",
    pick: "Choose an order on the left", pickHint: "J and K move, Enter goes into the order.", keys: "Queues", down: "Next", up: "Previous",
    into: "Into the order", backToList: "Back to the list", full: "Open as a page", nextQueue: "Next queue", previousQueue: "Previous queue",
    openFull: "Open as a page", more: "Show more", inList: "Open in the order list",
    place: "No place",
    hint: { due_soon: "Everything is within its limit.", sent_again: "Nothing was sent back.", to_accept: "Nothing waits.", to_contact: "All citizens were contacted." },
  },
} satisfies FeatureWords;
