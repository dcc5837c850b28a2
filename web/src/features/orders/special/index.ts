/** The form of every action. An action of the flow without a form is a type error here. */

import type { Component } from "vue";
import type { ActionName } from "@/api/flow";
import ActionForm from "../ActionForm.vue";
import CallBackForm from "./CallBackForm.vue";
import DispatchForm from "./DispatchForm.vue";
import ReplyForm from "./ReplyForm.vue";

/** Built from the declared fields alone. */
export const PLAIN = ActionForm;

export const ACTION_FORMS: Record<ActionName, Component> = {
  // at the desk
  submit: PLAIN,
  answer: PLAIN,
  refuse: PLAIN,
  transfer: PLAIN,
  correct: PLAIN,
  ask_citizen: PLAIN,
  supplement: PLAIN,
  pass_review: PLAIN,
  fail_review: PLAIN,
  // dispatching
  dispatch: DispatchForm,
  add_assisting: PLAIN,
  recall: PLAIN,
  approve_return: PLAIN,
  refuse_return: PLAIN,
  convene: PLAIN,
  arbitrate: DispatchForm,
  approve_extension: PLAIN,
  refuse_extension: PLAIN,
  approve_promise: PLAIN,
  refuse_promise: PLAIN,
  suspend: PLAIN,
  resume: PLAIN,
  merge: PLAIN,
  unmerge: PLAIN,
  void: PLAIN,
  reopen: PLAIN,
  // in the units
  accept: PLAIN,
  contact: PLAIN,
  send_back: PLAIN,
  hand_down: PLAIN,
  take_back: PLAIN,
  extend: PLAIN,
  promise: PLAIN,
  reach_milestone: PLAIN,
  reply: ReplyForm,
  pass_unit_review: PLAIN,
  fail_unit_review: PLAIN,
  // after the reply
  approve: PLAIN,
  reject: PLAIN,
  call_back: CallBackForm,
  redo: PLAIN,
  close_unreached: PLAIN,
  urge: PLAIN,
  supervise: PLAIN,
  finish_supervision: PLAIN,
  withdraw: PLAIN,
  archive: PLAIN,
  note_down: PLAIN,
};

/** The server may be newer than this page: an unknown action gets the form its declaration describes. */
export function formOf(action: string): Component {
  return (ACTION_FORMS as Record<string, Component | undefined>)[action] ?? PLAIN;
}
