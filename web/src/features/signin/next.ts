/** Where to go after sign-in: only inside the desk, whatever the address bar says. */
export function nextPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/") || next.startsWith("//") || next.includes("\\")) return "/";
  return next.startsWith("/signin") ? "/" : next;
}
