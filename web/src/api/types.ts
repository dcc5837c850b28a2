/** The shapes of the HTTP contract, as the server sends them. Codes are English, labels Chinese. */

import type { FieldType } from "./flow";

export interface Labelled {
  code: string;
  label: string;
}

export type LampColor = "green" | "yellow" | "red" | "none";

export interface Lamp {
  color: LampColor;
  words: string;
  due_words: string;
  kind: string;
  kind_label: string;
  due_at: string | null;
}

export interface Unit {
  code: string;
  name: string;
  short: string;
  tier: number;
  kind?: string;
  parent?: string | null;
  duty?: string;
}

export interface UnitRef {
  code: string;
  name: string;
  short: string;
  tier?: number;
}

export interface QueueCount {
  name: string;
  label: string;
  count: number;
  /** What to put after `/orders?` to see the queue. */
  query: string;
}

export type Permission =
  | "register" | "correct" | "ask_citizen" | "review" | "dispatch" | "decide_return" | "arbitrate"
  | "decide_extension" | "handle" | "approve_unit" | "approve_reply" | "call_back" | "urge" | "supervise"
  | "suspend" | "merge" | "void" | "reopen" | "archive" | "note" | "see_all" | "see_confidential" | "reveal"
  | "export" | "import";

export interface Me {
  id: number;
  username: string;
  name: string;
  unit: UnitRef | null;
  team: { id: number; name: string } | null;
  roles: Labelled[];
  permissions: Permission[];
  queues?: QueueCount[];
}

export interface Welcome {
  mode: string;
  city: string;
  hotline: string;
  demo_accounts: { username: string; name: string; role: string }[];
  demo_password: string | null;
  stream_url: string;
}

export interface SignedIn {
  token: string | null;
  me: Me;
}

export type { FieldType } from "./flow";

export interface ActionField {
  name: string;
  label: string;
  type: FieldType;
  required: boolean;
  choices: Labelled[];
  hint: string;
}

export interface FlowAction {
  name: string;
  label: string;
  permission: Permission | string;
  subject: "order" | "assignment";
  sources: string[];
  says: string;
  primary: boolean;
  fields: ActionField[];
}

export interface Flow {
  states: Labelled[];
  assignment_states: Labelled[];
  outcomes: Labelled[];
  natures: Labelled[];
  urgencies: Labelled[];
  channels: Labelled[];
  parts: Labelled[];
  clock_kinds: Labelled[];
  actions: FlowAction[];
}

export interface MatterRef {
  code: string;
  name: string;
  path: string;
}

export interface Matter extends MatterRef {
  definition: string;
  urgency: string;
  everyday: string[];
  questions: string[];
  leaf: boolean;
}

export interface Place {
  code: string | null;
  name: string;
  kind: string;
  kind_label: string;
  path: string;
  street: string | null;
  area: string | null;
  lat: number | null;
  lng: number | null;
}

export interface RowPlace {
  text: string;
  area: string | null;
  street: string | null;
  street_code?: string | null;
  lat?: number | null;
  lng?: number | null;
}

export interface MaskedCitizen {
  name: string;
  phone: string;
  title: string;
  anonymous: boolean;
}

export interface Row {
  number: string;
  number_display: string;
  title: string;
  state: string;
  state_label: string;
  outcome: string | null;
  outcome_label: string | null;
  nature: string;
  nature_label: string;
  urgency: string;
  urgency_label: string;
  channel: string;
  channel_label: string;
  confidential: boolean;
  matter: MatterRef | null;
  place: RowPlace;
  lead_unit: UnitRef | null;
  citizen: MaskedCitizen;
  lamp: Lamp | null;
  received_at: string;
  closed_at: string | null;
  version: number;
  redo_count: number;
  return_count: number;
  urge_count: number;
  supervised: boolean;
  children: number;
  parent: string | null;
}

export interface Assignment {
  id: number;
  unit: UnitRef;
  part: string;
  part_label: string;
  state: string;
  state_label: string;
  parent: number | null;
  dispatched_at: string;
  accepted_at: string | null;
  contacted_at: string | null;
  replied_at: string | null;
  due_at: string | null;
  note: string;
  result: string | null;
  result_label: string | null;
  reply: string;
  policy_basis: string;
  unreachable_reason: string;
}

export interface Clock {
  kind: string;
  kind_label: string;
  /** Short name of the unit whose clock it is; empty for the order's own clocks. */
  unit: string;
  started_at: string;
  due_at: string;
  warn_at: string | null;
  stopped_at: string | null;
  paused: boolean;
  lamp: Lamp | null;
}

export interface OrderAction {
  name: string;
  label: string;
  allowed: boolean;
  reason: string;
  primary: boolean;
  assignment: number | null;
}

export interface Attachment {
  id: number;
  name: string;
  mime: string;
  size: number;
  by: string;
  at: string;
  url: string;
}

export interface Application {
  kind: string;
  kind_label: string;
  unit: string;
  status: string;
  status_label: string;
  reason: string;
  legal_basis: string;
  days: number | null;
  until: string | null;
  asked_at: string;
  decided_at: string | null;
  decision_note: string;
}

export interface Milestone {
  title: string;
  due_on: string;
  reached_at: string | null;
  progress: string;
}

export interface Attempt {
  at: string;
  way: string;
  reached: boolean;
  solved: boolean | null;
  satisfied: string | null;
  satisfied_label: string | null;
  by: string;
  opinion: string;
}

export interface Order extends Row {
  content: string;
  operator: { name: string; team: string | null } | null;
  source_number: string | null;
  source_id: string | null;
  answer: string;
  assignments: Assignment[];
  clocks: Clock[];
  actions: OrderAction[];
  attachments: Attachment[];
  applications: Application[];
  milestones: Milestone[];
  attempts: Attempt[];
  questions: string[];
}

export interface OrderEvent {
  seq: number;
  kind: string;
  label: string;
  at: string;
  actor: string;
  unit: string | null;
  role: string | null;
  from_state: string | null;
  from_label: string | null;
  to_state: string | null;
  to_label: string | null;
  lines: { label: string; value: string }[];
}

export interface OrderPageOfRows {
  items: Row[];
  next: string | null;
  estimated_total: number;
  total_is_estimate: boolean;
}

export interface Routing {
  lead: UnitRef | null;
  assisting: UnitRef[];
  lines: {
    code: string;
    duty: string;
    basis: string;
    basis_source: string;
    department_work: boolean;
    /** Absent when the catalogue names a unit that was closed since. */
    lead: UnitRef | null;
    assisting: UnitRef[];
  }[];
  similar: Row[];
}

/** For an order that is still being written. */
export interface RoutingBefore extends Routing {
  limits: { kind: string; kind_label: string; limit: string }[];
}

export interface CitizenLookup {
  citizen: { name: string; phone: string; title: string; marks: string[] } | null;
  open: Row[];
  recent: Row[];
  total: number;
}

export interface NewOrder {
  channel: string;
  nature: string;
  title: string;
  content: string;
  matter: string | null;
  place: { text: string; street: string | null; lat: number | null; lng: number | null };
  citizen: { name: string; phone: string; anonymous: boolean; title?: string };
  urgency: string;
  confidential: boolean;
  source_id: string | null;
  submit: boolean;
  draft_key?: string;
}

export interface Draft {
  key: string;
  content: Record<string, unknown>;
  saved_at: string;
}

export interface SavedView {
  id: number;
  name: string;
  query: string;
}

export interface Revealed {
  name: string;
  phone: string;
  address: string;
}

export interface Hint {
  number: string;
  version: number;
  kind: string;
}

export interface Items<T> {
  items: T[];
}
