/** Addresses of the desk. Nothing but the sign-in page is seen without a session. */

import { createRouter, createWebHistory } from "vue-router";
import { useSession } from "./session";

declare module "vue-router" {
  interface RouteMeta {
    /** Seen without a session. */
    open?: boolean;
    /** Needs this permission. */
    permission?: string;
    /** Word key of the page's title. */
    title?: string;
  }
}

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    { path: "/signin", name: "signin", component: () => import("@/features/signin/SignInPage.vue"), meta: { open: true, title: "action.signIn" } },
    { path: "/", name: "home", component: () => import("@/features/queues/QueuesPage.vue"), meta: { title: "app.home" } },
    { path: "/orders", name: "orders", component: () => import("@/features/list/ListPage.vue"), meta: { title: "app.orders" } },
    { path: "/orders/:number", name: "order", component: () => import("@/features/orders/OrderPage.vue"), props: true, meta: { title: "app.orders" } },
    {
      path: "/register", name: "register", component: () => import("@/features/register/RegisterPage.vue"),
      meta: { permission: "register", title: "app.register" },
    },
    { path: "/:rest(.*)*", name: "nowhere", component: () => import("./NowherePage.vue"), meta: { title: "error.page" } },
  ],
});

router.beforeEach(async (to) => {
  const session = useSession();
  if (!session.known) {
    try {
      await session.load();
    } catch {
      // The server cannot be reached: the sign-in page says so and offers to try again.
      if (!to.meta.open) return { name: "signin", query: { next: to.fullPath } };
      return true;
    }
  }
  if (to.meta.open) return session.me && to.name === "signin" ? { path: "/" } : true;
  if (!session.me) return { name: "signin", query: to.fullPath === "/" ? {} : { next: to.fullPath } };
  if (to.meta.permission && !session.may(to.meta.permission)) return { name: "home" };
  return true;
});
