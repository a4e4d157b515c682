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

export interface Order {
  /** The button that leads to the resource, where it does not stand in the menu itself. */
  readonly group?: string
  readonly resource: string
  readonly targets?: ReadonlyArray<string>
  readonly region: string
  readonly quantity: number
}

/** What the last step asks for, where it is not the quantity. */
const lastQuestions: Readonly<Record<string, string>> = { Mamba: "Пол?", Gmail: "Тип?" }

/** Walks to the last step of the wizard in a fresh menu; gives the message it stands on. */
export const order = async (
  demo: Demo,
  userId: number,
  { group, resource, targets = [], region, quantity }: Order,
): Promise<number> => {
  const messageId = await freshMenu(demo, userId)
  if (group !== undefined) {
    await demo.press(userId, group, messageId)
    await shows(demo, userId, messageId, "Выберите, что нужно")
  }
  await demo.press(userId, resource, messageId)
  for (const target of targets) {
    await demo.press(userId, `⬜ ${target}`, messageId)
    await demo.eventually(`${target} to be ticked`, async () =>
      (await buttonsOf(demo, userId, messageId)).find((text) => text === `☑️ ${target}`),
    )
  }
  if (targets.length > 0) await demo.press(userId, "Далее", messageId)
  await shows(demo, userId, messageId, "Выберите регион")
  await demo.press(userId, region, messageId)
  await shows(demo, userId, messageId, "Сколько нужно")
  const question = lastQuestions[resource]
  if (question !== undefined) {
    await demo.press(userId, String(quantity), messageId)
    await shows(demo, userId, messageId, question)
  }
  return messageId
}

/** As many numbers as there are, up to `quantity`, for Beboo and Табор; gives their message. */
export const takeNumbers = async (demo: Demo, userId: number, quantity: number) => {
  const messageId = await order(demo, userId, {
    resource: "Номера",
    targets: ["Beboo", "Табор"],
    region: "495",
    quantity,
  })
  await demo.press(userId, String(quantity), messageId)
  return messageId
}

/** Types a whole order, and gives the message that answers it. */
export const typeOrder = async (demo: Demo, userId: number, text: string): Promise<number> => {
  const { messageId: asked } = await demo.say(userId, text)
  const answer = await demo.eventually("an answer to a typed order", async () =>
    (await demo.chat(userId, asked)).find(({ from }) => from === "bot"),
  )
  return answer.messageId
}

export const freshMenu = async (demo: Demo, userId: number): Promise<number> => {
  const { messageId: asked } = await demo.say(userId, "/menu")
  const menu = await demo.eventually("a fresh menu", async () => {
    const last = (await demo.chat(userId, asked)).at(-1)
    return last?.from === "bot" && last.text.includes("Что выдать?") ? last : undefined
  })
  return menu.messageId
}

export const buttonsOf = async (demo: Demo, userId: number, messageId: number) =>
  (
    (await demo.chat(userId, messageId - 1)).find((message) => message.messageId === messageId)
      ?.keyboard ?? []
  )
    .flat()
    .map(({ text }) => text)

/** What a tap was answered with. */
export const answerTo = async (
  demo: Demo,
  userId: number,
  tap: { messageId?: number; label?: string; data?: string },
) => {
  const { callbackQueryId } = await demo.tap(userId, tap)
  return demo.eventually("an answer to the tap", async () => {
    const { answered, text } = await demo.callback(callbackQueryId)
    return answered ? (text ?? "") : undefined
  })
}

/** The message `messageId` as soon as it matches. */
export const shows = (
  demo: Demo,
  userId: number,
  messageId: number,
  text: string | RegExp,
): Promise<Message> =>
  demo.eventually(`message ${messageId} of ${userId} to show ${String(text)}`, async () =>
    (await demo.chat(userId, messageId - 1)).find(
      (message) =>
        message.messageId === messageId &&
        (typeof text === "string" ? message.text.includes(text) : text.test(message.text)),
    ),
  )

/** Logins shown in a message, in order: behind their name, or behind the number of a line. */
export const loginsIn = ({ text }: { readonly text: string }) =>
  [...text.matchAll(/Логин: (\S+)|^\d+\. (\S*[@\d]\S*)/gm)].map(
    ([, named, short]) => named ?? short!,
  )

/** Numbers shown in a message, in order, in the same places. */
export const numbersIn = ({ text }: { readonly text: string }) =>
  [...text.matchAll(/Номер: (.+)|^\d+\. ([+\d(][^·\n]*) · /gm)].map(
    ([, named, short]) => named ?? short!,
  )

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
