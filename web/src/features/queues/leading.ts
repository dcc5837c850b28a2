/** Which queue a person's day starts with. */

import type { QueueCount } from "@/api/types";

/** A team leader may also register, but reviewing is what others wait for: it stands first. */
const LEADING = ["in_review"];

export function leadingFirst(queues: readonly QueueCount[]): QueueCount[] {
  const rank = (queue: QueueCount): number => (LEADING.includes(queue.name) ? 0 : 1);
  return [...queues].sort((a, b) => rank(a) - rank(b));
}
