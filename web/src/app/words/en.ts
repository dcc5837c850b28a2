import type { Words } from "../i18n";
import codes from "./codes";

export default {
  app: {
    comma: ", ", name: "Huying", desk: "Desk", hotline: "12345 city hotline", skip: "Skip to content",
    home: "My queues", orders: "Orders", register: "New request", help: "Keys", day: "Day", night: "Night", theme: "Colours: {name}",
    language: "中文", languageTo: "Switch to Chinese", signOut: "Sign out", account: "Account", unit: "Unit", roles: "Roles",
    fold: "Fold the side bar", unfold: "Unfold the side bar", queues: "Queues", work: "Work", live: "Live updates on",
    notLive: "Live updates interrupted; refreshed every minute",
    offline: "No connection. What you typed is kept and goes on when the network is back.", jump: "Find an order",
    jumpHint: "Number, phone or words, then Enter", demo: "Demo data", singleKeys: "Single-letter keys",
    singleKeysHint: "When off, only keys with Ctrl or Alt work", on: "On", off: "Off",
  },
  keys: {
    title: "Keys", everywhere: "Everywhere", help: "Show the keys", home: "Go to my queues", orders: "Go to orders",
    register: "New request", search: "Go to the search box", close: "Close", none: "This page has no other keys.",
    note: "While an input method composes, keys belong to it.", theme: "Switch colours",
  },
  action: {
    retry: "Try again", cancel: "Cancel", confirm: "Confirm", close: "Close", save: "Save", delete: "Delete", more: "Show more",
    undo: "Undo", refresh: "Refresh", back: "Back", clear: "Clear", signIn: "Sign in", open: "Open",
  },
  picker: {
    unit: "Unit", units: "Units", unitHint: "Name, short name or pinyin initials", matter: "Matter",
    matterHint: "Matter or everyday words", place: "Place", placeHint: "Address or pinyin initials, e.g. cybjd", order: "Order",
    orderHint: "Number, title or words", nothing: "Nothing found for “{asked}”. Try other words.",
    failed: "The search failed. Please type again.", clear: "Remove {title}", belongs: "Belongs to", notThere: "Not there",
    placeNothing: "Not in the gazetteer. You can write it as the citizen says it.",
  },
  tier: { "1": "Centre", "2": "Tier 2", "3": "Tier 3" },
  unitKind: {
    hotline: "Centre", area: "District", zone: "Zone", department: "City department", utility: "Utility", district_department: "District department",
    street: "Street", squad: "Squad",
  },
  time: {
    justNow: "just now", minutesAgo: "{n} min ago", hoursAgo: "{n} h ago", today: "today {time}", yesterday: "yesterday {time}",
    tomorrow: "tomorrow {time}",
  },
  lamp: { green: "On time", yellow: "Due soon", red: "Overdue", none: "No clock", by: "due {time}", since: "late {time}" },
  state: { loading: "Loading", stale: "May be out of date", staleAt: "read {time}" },
  error: {
    offline: "The server cannot be reached. Check the network; nothing on this page is lost.",
    server: "The server did not answer properly ({status}). Please try later.",
    unreadable: "The server's answer could not be read ({status}). Try later, then call the information centre.",
    notFound: "There is no such order, or you may not see it.",
    forbidden: "Your role does not allow this. Ask your team leader or the administrator.",
    unknown: "Something went wrong. Please try again.", title: "Nothing could be read", refused: "Not done",
    page: "No such page", pageHint: "The address may be wrong.", fields: "{n} to correct", stale: "Someone just changed this order",
  },
  field: { required: "required" },
  confirm: { cannotUndo: "This cannot be undone." },
  count: { about: "about {n}", exact: "{n} in all", none: "none", wan: "{n}", lessThan: "under {n}" },
  codes,
} satisfies Words;
