/**
 * Proxies pasted as people do it: in several forms with comments, as sessions of a rotating gateway,
 * with a new password for a login that is there, and in a text that Telegram cuts in two.
 */
import { Effect, Random } from "effect"
import { ru } from "../../src/bot/texts/ru.ts"
import { messageLengthMax } from "../../src/domain/proxyLine.ts"
import { paste, proxy, proxyHeader, takeProxy } from "./proxySteps.ts"
import type { Story } from "./Story.ts"
import { ivan, maria, type World } from "./World.ts"

/** Typed into the registry by hand, so without an ID. */
const typed = proxy("192.0.2.31")

const written = ["192.0.2.41", "192.0.2.42", "192.0.2.43", "192.0.2.44"].map((host) => proxy(host))
const [colons, atSign, pipes, tabs] = ["192.0.2.41", "192.0.2.42", "192.0.2.43", "192.0.2.44"]
const passwordOf = (host = "") => `pass-${host}-end`
const inForms = [
  "# Germany",
  `${colons}:1080:user:${passwordOf(colons)} # office`,
  `http://user:${passwordOf(atSign)}@${atSign}:1080`,
  `${pipes}|1080|user|${passwordOf(pipes)}`,
  "no proxy at all",
  `${tabs}\t1080\tuser\t${passwordOf(tabs)}`,
].join("\n")

const sessions = ["aa", "bb", "cc"].map((name) =>
  proxy("gw.example.net", { user: "acme", password: `k9Qz_session-${name}-end` }),
)

const renewed = [typed, written[0] ?? typed].map(({ key, line, text }) => {
  const password = text.replace("pass-", "fresh-")
  const [host = ""] = line.split(":")
  return { ...proxy(host, { password }), former: key }
})

/** Long passwords, so that a few lines are longer than a message. */
const many = Array.from({ length: 15 }, (_, n) =>
  proxy("198.51.100.7", { port: 2_000 + n, password: `long-${n}-${"x".repeat(300)}-end` }),
)
const cutText = many.map(({ line }) => line).join("\n")

/** People sort the registry and leave blank rows in it. */
const meddle = Effect.fnUntraced(function* ({ workbooks }: World) {
  const edit = (one: Parameters<typeof workbooks.edit>[1]) =>
    Effect.orDie(workbooks.edit("issued", one))
  switch (yield* Random.nextIntBetween(0, 5)) {
    case 0:
      return yield* edit({ op: "sort", tab: "Прокси", column: 0, descending: true })
    case 1:
      return yield* edit({ op: "insert", tab: "Прокси", at: 1, rows: [[]] })
    default:
      return undefined
  }
})

export const pastes: Story = {
  name: "pastes",
  isTimeless: false,
  stage: {
    resources: ["proxy"],
    startsAt: Date.UTC(2026, 10, 22, 9),
    accounts: [{ title: "Заметки", rows: [] }],
    issued: [
      {
        title: "Прокси",
        rows: [proxyHeader, [typed.line, "http", "DE", { date: "30.11.2026" }]],
        frozen: 1,
      },
    ],
    stock: [typed],
    timerMinutes: 2,
  },
  steps: [
    paste(maria, { name: "several forms", texts: [inForms], things: written }),
    paste(ivan, {
      name: "sessions of a gateway",
      texts: [sessions.map(({ line }) => line).join("\n")],
      things: sessions,
      answer: ru.proxies.adding.sessions,
    }),
    takeProxy(ivan, "VK"),
    paste(maria, {
      name: "new passwords",
      texts: [renewed.map(({ line }) => line).join("\n")],
      things: renewed,
      answer: ru.proxies.adding.newPassword,
    }),
    paste(maria, {
      name: "a text that is cut in two",
      texts: [cutText.slice(0, messageLengthMax), cutText.slice(messageLengthMax)],
      things: many,
    }),
    takeProxy(maria, "Mamba"),
  ],
  meddle,
  callsAbout: 420,
}
