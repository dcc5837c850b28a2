import { VueQueryPlugin } from "@tanstack/vue-query";
import { createPinia } from "pinia";
import { createApp } from "vue";
import "./ui/tokens.css";
import "./ui/base.css";
import { newQueryClient } from "./api/queries";
import { onSignInNeeded } from "./api/client";
import App from "./app/App.vue";
import { i18n } from "./app/i18n";
import { usePreferences } from "./app/preferences";
import { router } from "./app/router";
import { useSession } from "./app/session";

const app = createApp(App);
app.use(createPinia());
app.use(i18n);
app.use(VueQueryPlugin, { queryClient: newQueryClient() });
usePreferences();
onSignInNeeded(() => useSession().lapse());
app.use(router);
app.mount("#app");

// After an update of the server the page that is open asks for parts that are gone: read it afresh, at most once a minute.
// What was typed is kept in the browser.
window.addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("huying.reloaded") ?? 0);
  if (Date.now() - last < 60_000 || !navigator.onLine) return;
  sessionStorage.setItem("huying.reloaded", String(Date.now()));
  window.location.reload();
});
