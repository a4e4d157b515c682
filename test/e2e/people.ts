/** What the people of the demo do, in their words. */
import type { Demo, Message, Tab } from "./Demo.ts"

export const admin = 1
export const ivan = 2
export const maria = 3

/** Registers `userId` under `nickname` and has the admin approve it. */
export const hire = async (demo: Demo, userId: number, nickname: string) => {
  await demo.say(admin, "/start")
  await demo.sees(admin, "Что выдать?")
  await demo.say(userId, "/start")
  await demo.sees(userId, "рабочий ник")
  await demo.say(userId, nickname)
  await demo.sees(userId, "Ожидайте одобрения")
  const card = await demo.sees(admin, nickname)
  await demo.press(admin, "Одобрить", card.messageId)
  await demo.sees(userId, "Доступ открыт")
}

/** Walks to the last step of the wizard in a fresh menu; gives the message it stands on. */
export const order = async (
  demo: Demo,
  userId: number,
  { resource, region, quantity }: { resource: string; region: string; quantity: number },
): Promise<number> => {
  await demo.say(userId, "/menu")
  const menu = await demo.eventually("a fresh menu", async () => {
    const last = (await demo.chat(userId)).at(-1)
    return last?.from === "bot" && last.text.includes("Что выдать?") ? last : undefined
  })
  const { messageId } = menu
  await demo.press(userId, resource, messageId)
  await shows(demo, userId, messageId, "Выберите регион")
  await demo.press(userId, region, messageId)
  await shows(demo, userId, messageId, "Сколько нужно")
  if (resource === "Mamba") {
    await demo.press(userId, String(quantity), messageId)
    await shows(demo, userId, messageId, "Пол?")
  }
  return messageId
}

/** The message `messageId` as soon as it matches. */
export const shows = (
  demo: Demo,
  userId: number,
  messageId: number,
  text: string | RegExp,
): Promise<Message> =>
  demo.eventually(`message ${messageId} of ${userId} to show ${String(text)}`, async () =>
    (await demo.chat(userId)).find(
      (message) =>
        message.messageId === messageId &&
        (typeof text === "string" ? message.text.includes(text) : text.test(message.text)),
    ),
  )

/** Logins shown in a message, in order. */
export const loginsIn = ({ text }: { readonly text: string }) =>
  [...text.matchAll(/Логин: (\S+)/g)].map(([, login]) => login!)

/** Rows of a tab as records by header. */
export const records = ({ header, rows }: Tab) =>
  rows
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ cells, colour }) => ({
      ...Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])),
      colour,
    })) as ReadonlyArray<Record<string, string | undefined>>

/** Every login that stands in any tab of the spreadsheets, with repeats. */
export const loginsIssued = async (demo: Demo) =>
  (await demo.sheets("demo-issued"))
    .filter(({ title }) => title.endsWith("_Выдано"))
    .flatMap(records)
    .map((row) => row["Логин"] ?? "")

export const issuedRows = async (demo: Demo, tab: string, count: number) =>
  demo.eventually(`${count} rows in ${tab}`, async () => {
    const rows = records(await demo.tab("demo-issued", tab))
    return rows.length >= count ? rows : undefined
  })
