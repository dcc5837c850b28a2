import type { FeatureWords } from "@/app/i18n";

export default {
  zh: {
    title: "登录工作台", username: "账号", password: "密码", go: "登录", wait: "正在登录",
    needUsername: "请输入账号", needPassword: "请输入密码", demo: "演示账号", demoHint: "点一下即以该岗位登录，密码都是 {password}",
    motto: "有呼即应，一单直通", city: "{city} {hotline} 政务服务便民热线", unreachable: "连不上服务器，请检查网络后再试",
    renewTitle: "登录已过期", renewHint: "请再输入一次密码。页面和已填的内容都还在。", renewAs: "以 {name} 继续",
    other: "换人登录", renewed: "已重新登录，请再做一次刚才的操作", reloadDemo: "正在读取演示账号", caps: "大写锁定已打开",
  },
  en: {
    title: "Sign in to the desk", username: "User name", password: "Password", go: "Sign in", wait: "Signing in",
    needUsername: "Enter your user name", needPassword: "Enter your password", demo: "Demo accounts",
    demoHint: "Choose a role to sign in; the password of all is {password}", motto: "A call, and an answer",
    city: "{city} {hotline} hotline", unreachable: "The server cannot be reached; check the network",
    renewTitle: "Your session ended", renewHint: "Enter your password again. The page and what you typed are kept.",
    renewAs: "Go on as {name}", other: "Someone else", renewed: "Signed in again; please repeat what you just did",
    reloadDemo: "Reading demo accounts", caps: "Caps Lock is on",
  },
} satisfies FeatureWords;
