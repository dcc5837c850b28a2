/** One sentence for whatever went wrong; the server's own words first. */

import { translate as t } from "@/app/i18n";
import { OFFLINE, isProblem } from "@/api/problem";

export function sentenceOf(error: unknown): string {
  if (!isProblem(error)) return t("error.unknown");
  if (error.code === OFFLINE) return t("error.offline");
  if (error.sentence) return error.sentence;
  if (error.status === 404) return t("error.notFound");
  if (error.status === 403) return t("error.forbidden");
  if (error.status >= 500) return t("error.server", { status: error.status });
  return t("error.unreadable", { status: error.status });
}
