/** English words for the server's codes. In Chinese the server's own labels are shown; a test finds a code without a word. */

import type { Words } from "../i18n";

const action = {
  submit: "Submit", answer: "Answer and close", refuse: "Refuse", transfer: "Transfer", pass_review: "Pass review",
  fail_review: "Back to operator", correct: "Correct", ask_citizen: "Ask the citizen", supplement: "Add what was said",
  dispatch: "Dispatch", add_assisting: "Add assisting unit", recall: "Recall", accept: "Accept", contact: "Contact citizen",
  send_back: "Request return", approve_return: "Approve return", refuse_return: "Refuse return", convene: "Call a meeting",
  arbitrate: "Appoint unit", hand_down: "Hand down", take_back: "Take back", extend: "Request extension",
  approve_extension: "Approve extension", refuse_extension: "Refuse extension", promise: "Request promise",
  approve_promise: "Approve promise", refuse_promise: "Refuse promise", reach_milestone: "Milestone reached", reply: "Reply",
  pass_unit_review: "Pass unit review", fail_unit_review: "Back for changes", approve: "Approve reply", reject: "Reject reply",
  call_back: "Call back", redo: "Redo", close_unreached: "Close unreached", urge: "Urge", supervise: "Supervise",
  finish_supervision: "End supervision", suspend: "Suspend", resume: "Resume", merge: "Merge", unmerge: "Unmerge", void: "Void",
  withdraw: "Withdraw", reopen: "Reopen", archive: "Archive", note_down: "Add a note",
};

export default {
  state: {
    draft: "Draft", in_review: "In review", to_dispatch: "To dispatch", in_progress: "In progress", disputed: "In dispute",
    promised: "Promised", suspended: "Suspended", awaiting_citizen: "Awaiting citizen", reply_review: "Reply in review",
    to_call_back: "To call back", closed: "Closed", archived: "Archived",
  },
  assignment: {
    to_accept: "To accept", handling: "Handling", return_requested: "Return requested", unit_review: "Unit review",
    replied: "Replied", returned: "Returned", recalled: "Recalled",
  },
  outcome: {
    answered: "Answered on the spot", solved: "Solved", explained: "Explained", refused: "Refused", transferred: "Transferred",
    merged: "Merged", withdrawn: "Withdrawn", voided: "Voided",
  },
  nature: { consult: "Question", help: "Help", complaint: "Complaint", report: "Report", suggestion: "Suggestion", praise: "Praise" },
  urgency: { normal: "Normal", urgent: "Urgent", critical: "Critical" },
  channel: {
    phone: "Phone", web: "Web", wechat: "WeChat", app: "App", sms: "Text message", mail: "Mayor's mailbox", board: "Message board",
    partner: "Partner line", police: "Police 110", inspection: "Inspection", leader: "Leader", media: "Media", import: "Import",
    open311: "Open311",
  },
  part: { lead: "Lead", assisting: "Assisting" },
  clock: {
    review: "Review", dispatch: "Dispatch", sign: "Accept", contact: "First contact", handle: "Handle", redo: "Redo",
    promise: "Promise", return_decision: "Return decision", extension_decision: "Extension decision", reply_review: "Reply review",
    call_back: "Call back", return_window: "Return window", arbitrate: "Meeting",
  },
  queue: {
    my_drafts: "My drafts", my_today: "Registered today", awaiting_citizen: "Awaiting citizen", in_review: "In review",
    to_dispatch: "To dispatch", returns: "Returns to decide", disputed: "In dispute", requests: "Extensions and promises",
    to_accept: "To accept", to_contact: "To contact", handling: "Handling", due_soon: "Due soon", sent_again: "Sent back",
    unit_review: "Unit review", reply_review: "Reply in review", to_call_back: "To call back", overdue: "Overdue",
    supervised: "Supervised",
  },
  role: {
    operator: "Operator", leader: "Team leader", dispatcher: "Dispatcher", handler: "Handler", head: "Head of unit",
    approver: "Reply reviewer", callback: "Call-back agent", supervisor: "Supervisor", quality: "Quality inspector",
    analyst: "Analyst", planner: "Planner", chief: "Duty chief", admin: "Administrator",
  },
  action,
  event: {
    ...action,
    registered: "Registered", warned: "Due soon", breached: "Deadline missed", revealed: "Personal data shown", attached: "File added",
    answered_with_parent: "Answered with parent", notified: "Citizen notified", exported: "Exported",
    took_in: "Took in another order", let_go: "Let an order go",
  },
  field: {
    note: "Note", answer: "Answer", knowledge: "Knowledge or policy used", reason_code: "Reason", explanation: "Explanation and lawful way",
    told_citizen: "Citizen was told", line: "Transfer to", mode: "How", reason: "Reason", nature: "Nature", matter: "Matter",
    urgency: "Urgency", title: "Title", place_text: "Address", confidential: "Confidential", question: "What is missing",
    content: "Text", lead: "Lead unit", assisting: "Assisting units", push_down_reason: "Why a street office", way: "How",
    reached: "Reached", record: "What was said", legal_basis: "Basis", suggested_unit: "Suggested unit", rule: "By rule of",
    to: "To units", days: "Working days", until: "Promised by", milestones: "Milestones", progress: "Progress", result: "Result",
    policy_basis: "Policy basis", unreachable_reason: "Why not reached", solved: "Solved", satisfied: "Satisfied",
    opinion: "Opinion", next: "Next step", kind: "Kind", due_on: "Due on", conclusion: "Conclusion", into: "Merge into", street: "Street", units: "Units", excluded: "Leave out of the ranking",
  },
  choice: {
    outside_city: "Outside the city's duties", emergency_number: "Emergency number", party_court_army: "Party, court or army matter",
    legal_procedure: "Legal procedure", petition: "Petition channel", secret_privacy: "Secret or private", no_new_fact: "No new fact",
    abusive: "Abusive or empty", too_vague: "Too vague",
    "110": "110 Police", "119": "119 Fire", "120": "120 Ambulance", "122": "122 Traffic police", "12315": "12315 Market supervision",
    "12320": "12320 Health", "12328": "12328 Transport", "12329": "12329 Housing fund", "12333": "12333 Labour", "12345-province": "Province 12345",
    "12348": "12348 Legal aid", "12350": "12350 Work safety", "12338": "12338 Women", "12351": "12351 Unions", "12355": "12355 Youth",
    "12366": "12366 Taxes", "12367": "12367 Immigration", "12305": "12305 Post", "12313": "12313 Tobacco", "12360": "12360 Customs",
    "12393": "12393 Health insurance", other: "Another line",
    one_key: "Put through", three_way: "Three-way call", told_number: "Number told",
    catalogue: "Catalogue", first_receiver: "First receiver", territory: "Territory", meeting: "Meeting",
    phone: "Phone", visit: "Visit", message: "Message", on_site: "On site", sms: "Text message", wechat: "WeChat",
    solved: "Solved", partly_solved: "Partly solved", unsolved: "Unsolved", explained: "Explained",
    very_satisfied: "Very satisfied", satisfied: "Satisfied", fairly_satisfied: "Fairly satisfied", unsatisfied: "Unsatisfied",
    very_unsatisfied: "Very unsatisfied",
    supervise: "Supervise", joint: "Joint", escalated: "Escalated", instruction: "Leader's instruction",
    close: "Close", redo: "Redo", explain_close: "Explain and close",
  },
} satisfies Words;
