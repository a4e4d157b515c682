/** Two people and the proxies: one is taken, one times out, one is added. */
import { Effect } from "effect"
import { ru } from "../../src/bot/texts/ru.ts"
import { endpointKey } from "../../src/domain/Proxy.ts"
import { formatProxyLine } from "../../src/domain/proxyLine.ts"
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

interface ProxyThing extends Thing {
  readonly line: string
}

/** Known by its password, which nobody but its taker may see. */
export const proxy = (host: string): ProxyThing => {
  const password = `pass-${host}-end`
  const endpoint = { host, port: 1080, user: "user", password }
  return {
    resource: "proxy",
    key: endpointKey(endpoint),
    text: password,
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
