/** Two people and the proxies: one is taken, one times out, one is added. */
import { Effect } from "effect"
import { ru } from "../../src/bot/texts/ru.ts"
import { type Endpoint, sessionKey } from "../../src/domain/Proxy.ts"
import { formatProxyLine } from "../../src/domain/proxyLine.ts"
import { proxyEvents } from "./history.ts"
import { press, sees, type Step, toMenu } from "./steps.ts"
import type { Thing, World } from "./World.ts"

export const proxyHeader = [
  "Прокси",
  "Тип",
  "Страна",
  "Действует до",
  "Использован для",
  "Сотрудник",
  "ID",
]

export interface ProxyThing extends Thing {
  readonly line: string
}

/** Known by its password, which nobody but its taker may see. */
export const proxy = (host: string, more: Partial<Endpoint> = {}): ProxyThing => {
  const endpoint = { host, port: 1080, user: "user", password: `pass-${host}-end`, ...more }
  return {
    resource: "proxy",
    key: sessionKey(endpoint),
    text: endpoint.password,
    line: formatProxyLine(endpoint),
  }
}

/** Wherever the wizard stands, its next button; no proxy has another country. */
const towards = (target: string) => [
  / · /,
  /Германия/,
  `⬜ ${target}`,
  ru.proxies.getting.show,
  ru.proxies.get,
  ru.menu.groups.proxies,
]

const holds = "За вами до"
const hasTimedOut = ru.proxies.getting.endedSo.timedOut

export const takeProxy = (userId: number, target: string): Step => ({
  name: `${userId} takes a proxy for ${target}`,
  done: sees(userId, ({ text }) => text.includes(ru.proxies.goods.title)),
  act: press(userId, [ru.proxies.getting.take, ...towards(target)], toMenu(userId)),
})

export const reserveProxy = (userId: number, target: string): Step => ({
  name: `${userId} reserves a proxy for ${target}`,
  done: sees(userId, ({ text }) => text.includes(holds) || text.includes(hasTimedOut)),
  act: press(userId, towards(target), toMenu(userId)),
})

/** The message says so by itself. */
export const letTimeOut = (userId: number): Step => ({
  name: `the reservation of ${userId} times out`,
  done: sees(userId, ({ text }) => text.includes(hasTimedOut)),
  act: () => Effect.void,
  pace: 10,
})

/** Once the bot asks for lines, they are sent; asked again where it does not count them. */
export const addProxy = (userId: number, thing: ProxyThing): Step => ({
  name: `${userId} adds a proxy`,
  done: sees(userId, ({ text }) => text.includes("Сохранено")),
  act: Effect.fnUntraced(function* (world: World) {
    const { chats, stock } = world
    const last = (yield* chats.chat(userId)).findLast(({ from }) => from === "bot")
    const asks = last?.text.includes(ru.proxies.adding.sendLines) === true
    if (asks && !last.text.includes("Всего к сохранению")) {
      if (!stock.includes(thing)) stock.push(thing)
      return yield* chats.say(userId, thing.line)
    }
    const buttons = [/^5 дней/, /Германия/, ru.wizard.next, "HTTP", ru.proxies.add, "Прокси"]
    return yield* press(userId, buttons, toMenu(userId))(world)
  }),
})

/** What somebody pastes, perhaps cut by Telegram, and what it means. */
interface Paste {
  readonly name: string
  readonly texts: readonly [string, ...ReadonlyArray<string>]
  readonly things: ReadonlyArray<ProxyThing>
  /** The answer to the question about lines with another password. */
  readonly answer?: string
}

/**
 * Pastes lines, answers the question about passwords, and saves, as often as it takes until the
 * journal has all of them. What still stands in the chat is not sent again: the bot has yet to read it.
 */
export const paste = (userId: number, { name, texts, things, answer }: Paste): Step => ({
  name: `${userId} pastes ${name}`,
  done: ({ disk }) =>
    Effect.sync(() => {
      const saved = new Set(
        proxyEvents(disk, "proxy").flatMap((event) =>
          event._tag === "ProxiesAdded"
            ? [...event.proxies, ...event.renewed].map(({ endpoint }) => sessionKey(endpoint))
            : [],
        ),
      )
      return things.every(({ key }) => saved.has(key))
    }),
  act: Effect.fnUntraced(function* (world: World) {
    const { chats, stock } = world
    const chat = yield* chats.chat(userId)
    const shown = chat.findLast(({ from }) => from === "bot")?.text ?? ""
    const isUnread = chat.some(({ from, text }) => from === "user" && texts.includes(text))
    const waitsForMore = shown.includes(ru.proxies.adding.held)
    const next = waitsForMore ? texts[1] : texts[0]
    const asks = shown.includes(ru.proxies.adding.sendLines) && !shown.includes(totalTitle)
    if (next !== undefined && !isUnread && (waitsForMore || asks)) {
      for (const thing of things) if (!stock.includes(thing)) stock.push(thing)
      return yield* chats.say(userId, next)
    }
    const buttons = [
      ...(answer === undefined ? [] : [answer]),
      /^5 дней/,
      /Германия/,
      ru.wizard.next,
      "HTTP",
      ru.proxies.add,
      "Прокси",
    ]
    return yield* press(userId, buttons, toMenu(userId))(world)
  }),
})

const totalTitle = ru.proxies.adding.total(0).replace("0", "")
