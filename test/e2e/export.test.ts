/** Files and the look at the bot itself, end to end: from the command to the bytes in the chat. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo, type Message } from "./Demo.ts"
import { admin, answerTo, ivan, loginsIn, order, shows } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

interface WithFile extends Message {
  readonly document?: { readonly path: string; readonly name: string; readonly size: number }
}

const fileNamed = (name: RegExp) =>
  demo.eventually(`a file like ${String(name)}`, async () => {
    const chat = await demo.get<ReadonlyArray<WithFile>>(`/sim/chats/${admin}`)
    const found = chat.findLast(
      ({ document }) => document !== undefined && name.test(document.name),
    )
    return found?.document === undefined
      ? undefined
      : { ...found, lines: (await demo.download(found.document.path)).trimEnd().split("\r\n") }
  })

describe("an admin", () => {
  it("gets what was issued as files, and sees that all is well, or what is not", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const taken = await order(demo, ivan, { resource: "VK", region: "495", quantity: 2 })
    await demo.press(ivan, "2", taken)
    const logins = loginsIn(await shows(demo, ivan, taken, "2."))
    await demo.press(ivan, "1 ✅", taken)

    await demo.say(admin, "/export 7 дней vk ivan.sales")
    const issued = await fileNamed(/^issuances-vk-.*\.csv$/)
    assert.match(issued.text, /сотрудник ivan\.sales \(2\)\nСтрок: 2\n/)
    const [head, ...rows] = issued.lines
    assert.match(head ?? "", /^\uFEFFДата выдачи;Ресурс;/)
    assert.lengthOf(rows, 2)
    for (const row of rows) assert.match(row, /;VK;;495;ivan\.sales;2;(Хороший|ждёт отметки);/)
    for (const login of logins) assert.notInclude(issued.lines.join(), login)

    await demo.say(admin, "/stats")
    const stats = await demo.sees(admin, "Статистика: всё вместе")
    for (const step of ["VK", "Файлом"]) {
      await demo.press(admin, step, stats.messageId)
    }
    const counted = await fileNamed(/^statistics-vk-.*\.csv$/)
    assert.match(counted.lines.at(-1) ?? "", /;Итого;Итого;2;0;1;0;1;0$/)

    await demo.say(admin, "/health")
    const health = await demo.sees(admin, /^🟡 Работает; дела: \d+/)
    for (const line of ["Журнал на диске", "Telegram", "Таблица с запасом", "Знак жизни"]) {
      assert.match(health.text, new RegExp(`${line}: в порядке, `))
    }
    await demo.fault({ api: "telegram", method: "sendDocument", times: 1, kind: "dropAfter" })
    await demo.say(admin, "/export vk сегодня")
    await demo.sees(admin, "Telegram не ответил, дошёл ли файл")
    const calls = await demo.calls()
    assert.lengthOf(
      calls.filter(({ method }) => method === "sendDocument"),
      3,
    )

    const refused = await answerTo(demo, ivan, { messageId: taken, data: "ez1:vk.all" })
    assert.include(refused, "Это может только администратор")
  })
})
