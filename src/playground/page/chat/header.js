/** The top of a pane: whose Telegram it is, and under that the name of the bot. */
import { el, keyed, walkable } from "../base/dom.js"
import { words } from "../base/language.js"
import { icon } from "./icons.js"
import { isAdmin, newsOf } from "./people.js"

export const botName = "Account Bot"

const text = words({
  ru: {
    accounts: "Чей это Telegram",
    admin: "администратор",
    bot: "бот",
    block: (name) => `${name}: заблокировать бота`,
    news: (count) => `новых сообщений: ${count}`,
  },
  en: {
    accounts: "Whose Telegram this is",
    admin: "admin",
    bot: "bot",
    block: (name) => `${name}: block the bot`,
    news: (count) => `new messages: ${count}`,
  },
})

export const avatar = (id, name) =>
  el(
    "span",
    { className: "avatar", "aria-hidden": "true", data: { colour: String(id % 7) } },
    initials(name),
  )

export const botAvatar = () =>
  el("span", { className: "avatar of-bot", "aria-hidden": "true" }, icon("bot"))

/** The first letters of up to two words, whole characters as a person sees them. */
const initials = (name) =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase()

/** `choose(id)` shows the Telegram of another person, `block()` blocks the bot. */
export const makeHeader = ({ choose, block }) => {
  const accounts = walkable(
    el("div", { className: "accounts", role: "tablist", "aria-label": text.accounts }),
  )
  const blocker = el(
    "button",
    { type: "button", className: "round", on: { click: () => block() } },
    icon("block"),
  )
  const node = el(
    "header",
    {},
    accounts,
    el(
      "div",
      { className: "bot-line" },
      botAvatar(),
      el(
        "div",
        { className: "bot-name" },
        el("b", {}, botName),
        el("span", { className: "faint" }, text.bot),
      ),
      blocker,
    ),
  )

  const showAccounts = (people, chosen) => {
    const items = people.map((person) => ({
      id: person.id,
      name: person.firstName,
      admin: isAdmin(person),
      chosen: person.id === chosen,
      news: newsOf(person),
    }))
    keyed(
      accounts,
      items,
      ({ id }) => id,
      (item) => account(item, () => choose(item.id)),
    )
  }

  const show = (user) => {
    blocker.title = text.block(user.firstName)
    blocker.setAttribute("aria-label", blocker.title)
    blocker.hidden = user.blocked || user.chat.length === 0
  }

  return { node, show, showAccounts }
}

const account = ({ id, name, admin, chosen, news }, choose) =>
  el(
    "button",
    {
      type: "button",
      role: "tab",
      className: "account",
      "aria-selected": String(chosen),
      title: `${admin ? `${text.admin}, ` : ""}Telegram ID ${id}`,
      on: { click: choose },
    },
    avatar(id, name),
    el("span", { className: "account-name" }, name),
    admin
      ? el("span", { className: "admin", role: "img", "aria-label": text.admin }, icon("star"))
      : undefined,
    news > 0
      ? el("span", { className: "badge", role: "img", "aria-label": text.news(news) }, String(news))
      : undefined,
  )
