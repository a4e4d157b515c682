/** Proxies, end to end: added in bulk, reserved, timed out, taken, and written into the registry. */
import { afterEach, assert, describe, it } from "vitest"
import { ru } from "../../src/bot/texts/ru.ts"
import { Demo } from "./Demo.ts"
import { day, pastMidnight } from "./days.ts"
import { answerTo, ivan, maria, shows } from "./people.ts"
import {
  listFor,
  lookFor,
  offered,
  registry,
  reserve,
  saveLines,
  sendLines,
} from "./proxyPeople.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const started = async ({ launch = Demo.here, at = "12:00" } = {}) => {
  demo = launch({}, at)
  await startStaffed(demo)
}

const restart = async () => {
  await demo.stop("SIGKILL")
  await demo.start()
}

const good = [
  "192.0.2.10:1080:user-a:pass-one",
  "192.0.2.12:1080:user-b:pass:two",
  "[2001:db8::5]:8000:user-c:pass-three",
  "proxy.example.com:3128",
]
const sent = [
  good[0],
  "192.0.2.10",
  "192.0.2.11:99999:user:pass-bad",
  good[1],
  "192.0.2.10:1080:user-a:pass-again",
  good[2],
  "",
  good[3],
].join("\n")

const byHand = "192.0.2.77:1080:user-h:pass-hand"

const tookFour = /Принято 4, не принято 2/

const secret = /pass-|pass:two|user-/

/** Nothing of what logs in stands in the chat, whoever wrote it. */
const isClean = async (userId: number) =>
  !secret.test(JSON.stringify((await demo.chat(userId)).map(({ text }) => text)))

const addFour = async (used: ReadonlyArray<string>) => {
  const messageId = await sendLines(demo, maria, sent, tookFour)
  await demo.press(maria, ru.proxies.adding.noneOfThem, messageId)
  await shows(demo, maria, messageId, "Всего к сохранению: 4")
  await saveLines(demo, maria, messageId, used)
  return registry(demo, good)
}

describe("adding proxies", () => {
  it("in bulk, with bad lines named, over a kill -9 in the middle", async () => {
    await started({ launch: Demo.process })
    const messageId = await sendLines(demo, maria, sent, tookFour)
    const { text } = await shows(demo, maria, messageId, "Что это?")
    assert.include(text, "строка 2: в ней нет двоеточия")
    assert.include(text, "строка 3: порт должен быть")
    assert.include(text, "Ещё 1 строка с адресом, портом и логином, которые уже есть")
    await demo.eventually("the lines to be gone from the chat", async () =>
      (await isClean(maria)) ? true : undefined,
    )
    await restart()
    await demo.press(maria, ru.proxies.adding.noneOfThem, messageId)
    await shows(demo, maria, messageId, "Всего к сохранению: 4")
    const saved = await saveLines(demo, maria, messageId, ["VK"])
    assert.include(saved.text, "Сохранено: 4 прокси")

    const rows = await registry(demo, good)
    const until = await day(demo, 5)
    assert.sameDeepMembers(
      rows.map((row) => [row["Прокси"], row["Тип"], row["Действует до"], row["Использован для"]]),
      good.map((line) => [line, "SOCKS5", until, "VK"]),
    )
    assert.isTrue(rows.every((row) => row["Страна"] === "FR"))
    assert.lengthOf(new Set(rows.map((row) => row["ID"])), 4)
    assert.isTrue(rows.every((row) => /^[0-9A-Z]{10}$/.test(row["ID"] ?? "")))
    assert.isTrue(await isClean(maria))
    assert.notMatch(demo.output, secret)

    const others = await lookFor(demo, ivan, ["VK"])
    const { keyboard } = await shows(demo, ivan, others, ru.proxies.getting.chooseCountry)
    assert.notInclude(JSON.stringify(keyboard), "Франция")
  })
})

describe("sessions of a rotating gateway", () => {
  it("pasted with one login and three passwords are three proxies, also after a kill -9", async () => {
    await started({ launch: Demo.process })
    const lines = ["aa11", "bb22", "cc33"].map(
      (name) => `gw.example.net:12321:acme77:k9Qz_country-de_session-${name}`,
    )
    const messageId = await sendLines(demo, maria, lines.join("\n"), /Что это\?/)
    await demo.press(maria, ru.proxies.adding.sessions, messageId)
    await shows(demo, maria, messageId, "Всего к сохранению: 3")
    assert.include((await saveLines(demo, maria, messageId, [])).text, "Сохранено: 3 прокси")
    const rows = await registry(demo, lines)
    assert.lengthOf(rows, 3)
    await restart()
    await demo.advance("1 minute")
    assert.sameDeepMembers(await registry(demo, lines), rows)
    assert.lengthOf(await offered(demo, ivan, await listFor(demo, ivan, ["VK"])), 3)
    assert.isTrue(await isClean(maria))
    assert.notInclude(demo.output, "session-")
  })
})

describe("getting a proxy", () => {
  it("reserved it is nobody else's; timed out it is free; taken it stands in the registry", async () => {
    await started()
    await addFour([])
    const hers = await listFor(demo, maria, ["VK", "Mamba"])
    assert.lengthOf(await offered(demo, maria, hers), 4)
    const late = await reserve(demo, maria, hers)
    const his = await listFor(demo, ivan, ["Mamba"])
    assert.lengthOf(await offered(demo, ivan, his), 3)
    assert.isTrue(await isClean(maria))

    await demo.advance("5 minutes")
    // The message may be as late as the timer.
    await demo.advance("15 seconds")
    await shows(demo, maria, hers, ru.proxies.getting.endedSo.timedOut)
    await demo.press(ivan, ru.proxies.getting.refresh, his)
    await demo.eventually("all four to be free", async () =>
      (await offered(demo, ivan, his)).length === 4 ? true : undefined,
    )
    assert.include(
      await answerTo(demo, maria, { messageId: hers, data: late }),
      ru.proxies.getting.over.timedOut,
    )
    assert.isTrue(await isClean(maria))

    const again = await listFor(demo, maria, ["VK", "Mamba"])
    await reserve(demo, maria, again)
    await demo.press(maria, ru.proxies.getting.take, again)
    const taken = await shows(demo, maria, again, ru.proxies.goods.title)
    const line = good.find((one) => taken.text.includes(one))
    assert.isString(line)
    await demo.advance("1 minute")
    const row = await demo.eventually("the taker in the registry", async () =>
      (await registry(demo, good)).find((one) => one["Сотрудник"] !== ""),
    )
    assert.deepInclude(row, {
      Прокси: line,
      "Использован для": "VK, Mamba",
      Сотрудник: "maria.sales",
    })
    const others = await listFor(demo, ivan, ["Mamba"])
    assert.lengthOf(await offered(demo, ivan, others), 3)
    const free = await listFor(demo, ivan, ["OK"])
    assert.lengthOf(await offered(demo, ivan, free), 4)
    assert.isTrue(await isClean(ivan))
  })

  it("killed between the taking and its message: shown to its taker, once", async () => {
    await started({ launch: Demo.process })
    await addFour([])
    const messageId = await listFor(demo, maria, ["OK"])
    await reserve(demo, maria, messageId)
    await demo.fault({
      api: "telegram",
      method: "editMessageText",
      times: 20,
      kind: "hang",
      delayMs: 3_600_000,
    })
    const since = (await demo.calls()).at(-1)?.n ?? 0
    await demo.press(maria, ru.proxies.getting.take, messageId)
    await demo.eventually("the showing to be under way", async () =>
      (await demo.calls(since)).find(({ method }) => method === "editMessageText"),
    )
    await restart()
    await shows(demo, maria, messageId, ru.proxies.goods.title)
    const shown = (await demo.chat(maria)).filter(({ text }) =>
      text.includes(ru.proxies.goods.title),
    )
    assert.lengthOf(shown, 1)
    const others = await listFor(demo, ivan, ["OK"])
    assert.lengthOf(await offered(demo, ivan, others), 3)
    await demo.advance("1 minute")
    const rows = await registry(demo, good)
    assert.deepStrictEqual(
      rows.map((row) => row["Сотрудник"] ?? "").filter((stage) => stage !== ""),
      ["maria.sales"],
    )
  })

  it("a row typed by hand is offered within a minute; its taker is warned two days ahead", async () => {
    await started({ at: "23:30" })
    const until = await day(demo, 3)
    await demo.edit("demo-issued", {
      tab: "Прокси",
      op: "append",
      rows: [[byHand, "socks5", "fr", { date: until }]],
    })
    await demo.advance("1 minute")
    const messageId = await listFor(demo, ivan, ["Табор"])
    assert.lengthOf(await offered(demo, ivan, messageId), 1)
    await reserve(demo, ivan, messageId)
    await demo.press(ivan, ru.proxies.getting.take, messageId)
    assert.include((await shows(demo, ivan, messageId, ru.proxies.goods.title)).text, "pass-hand")
    await demo.advance("1 minute")
    const [row] = await registry(demo, [byHand])
    assert.deepInclude(row, {
      Прокси: byHand,
      "Использован для": "Табор",
      Сотрудник: "ivan.sales",
    })
    const warnings = async () =>
      (await demo.chat(ivan)).filter(({ text }) => text.includes(ru.proxies.ending.title(1)))
    assert.isEmpty(await warnings())

    await pastMidnight(demo, 2)
    const warning = await demo.sees(ivan, ru.proxies.ending.title(1))
    assert.include(warning.text, until)
    assert.notInclude(warning.text, "pass-hand")
    await demo.advance("10 minutes")
    assert.lengthOf(await warnings(), 1)
  })
})
