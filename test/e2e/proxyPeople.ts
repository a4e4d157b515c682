/** What the people of the demo do with proxies, in their words. */
import { ru } from "../../src/bot/texts/ru.ts"
import type { Demo } from "./Demo.ts"
import { buttonsOf, freshMenu, records, shows } from "./people.ts"

const { adding, getting } = ru.proxies

/** No proxy of the samples is there. */
const country = "Франция"

const proxyMenu = async (demo: Demo, userId: number) => {
  const messageId = await freshMenu(demo, userId)
  await demo.press(userId, "Прокси", messageId)
  await shows(demo, userId, messageId, "Свободно сейчас")
  return messageId
}

/** Sends `text` as the lines of proxies; gives the message that counts them. */
export const sendLines = async (demo: Demo, userId: number, text: string, accepted: RegExp) => {
  const messageId = await proxyMenu(demo, userId)
  await demo.press(userId, ru.proxies.add, messageId)
  await shows(demo, userId, messageId, adding.chooseType)
  await demo.press(userId, "SOCKS5", messageId)
  await shows(demo, userId, messageId, adding.sendLines)
  await demo.say(userId, text)
  await shows(demo, userId, messageId, accepted)
  return messageId
}

/** From the counted lines to the end: used for `used`, in France, for five days. */
export const saveLines = async (
  demo: Demo,
  userId: number,
  messageId: number,
  used: ReadonlyArray<string>,
) => {
  await demo.press(userId, "Далее", messageId)
  await shows(demo, userId, messageId, adding.usedFor)
  await tick(demo, userId, messageId, used)
  await demo.press(userId, "Далее", messageId)
  await shows(demo, userId, messageId, adding.chooseCountry)
  await demo.say(userId, "франция")
  await shows(demo, userId, messageId, adding.chooseDays)
  const days = (await buttonsOf(demo, userId, messageId)).find((text) => text.startsWith("5 дней"))
  await demo.press(userId, days ?? "5 дней", messageId)
  return shows(demo, userId, messageId, "Сохранено")
}

const tick = async (
  demo: Demo,
  userId: number,
  messageId: number,
  targets: ReadonlyArray<string>,
) => {
  for (const target of targets) {
    await demo.press(userId, `⬜ ${target}`, messageId)
    await demo.eventually(`${target} to be ticked`, async () =>
      (await buttonsOf(demo, userId, messageId)).find((text) => text === `☑️ ${target}`),
    )
  }
}

/** To the countries that have a proxy for these. */
export const lookFor = async (demo: Demo, userId: number, targets: ReadonlyArray<string>) => {
  const messageId = await proxyMenu(demo, userId)
  await demo.press(userId, ru.proxies.get, messageId)
  await shows(demo, userId, messageId, getting.chooseTargets)
  await tick(demo, userId, messageId, targets)
  await demo.press(userId, getting.show, messageId)
  return messageId
}

/** To the list of those in France; gives their buttons too. */
export const listFor = async (demo: Demo, userId: number, targets: ReadonlyArray<string>) => {
  const messageId = await lookFor(demo, userId, targets)
  await shows(demo, userId, messageId, getting.chooseCountry)
  await demo.press(userId, country, messageId)
  await shows(demo, userId, messageId, getting.choose)
  return messageId
}

/** Buttons of the proxies in a list. */
export const offered = async (demo: Demo, userId: number, messageId: number) => {
  const chat = await demo.chat(userId)
  const message = chat.find((one) => one.messageId === messageId)
  return (message?.keyboard ?? []).flat().filter(({ text }) => text.includes(" · "))
}

/** The first of the list; gives the data of the button that takes it. */
export const reserve = async (demo: Demo, userId: number, messageId: number): Promise<string> => {
  const [first] = await offered(demo, userId, messageId)
  await demo.tap(userId, { messageId, data: first?.data ?? "" })
  const shown = await shows(demo, userId, messageId, "За вами до")
  return shown.keyboard?.flat().find(({ text }) => text === getting.take)?.data ?? ""
}

/** Rows of these lines in the registry as soon as each has one with an ID. */
export const registry = (demo: Demo, lines: ReadonlyArray<string>) =>
  demo.eventually(`${lines.length} rows in the registry`, async () => {
    const rows = records(await demo.tab("demo-issued", "Прокси")).filter((row) =>
      lines.includes(row["Прокси"] ?? ""),
    )
    return rows.filter((row) => row["ID"] !== "").length >= lines.length ? rows : undefined
  })
