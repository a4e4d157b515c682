/** Statistics, end to end: what was issued is counted at once, and drawn with the bot's own font. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo, type Message } from "./Demo.ts"
import { admin, freshMenu, ivan, loginsIn, order, shows } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

interface Picture extends Message {
  readonly photo?: { readonly path: string; readonly width: number; readonly height: number }
}

const pictureOf = async (userId: number) =>
  demo.eventually("a picture", async () =>
    (await demo.get<ReadonlyArray<Picture>>(`/sim/chats/${userId}`)).findLast(
      ({ photo }) => photo !== undefined,
    ),
  )

/** Goes from the menu to the report of a month. */
const report = async (userId: number, ...steps: ReadonlyArray<string>) => {
  const messageId = await freshMenu(demo, userId)
  for (const step of ["Статистика", "По шагам", ...steps, "Месяц"])
    await demo.press(userId, step, messageId)
  return messageId
}

describe("an employee and an admin count", () => {
  it("their own and everybody's, also after the bot was killed; the picture changes in its place", async () => {
    demo = Demo.process()
    await startStaffed(demo)
    const taken = await order(demo, ivan, { resource: "VK", region: "495", quantity: 3 })
    await demo.press(ivan, "3", taken)
    assert.lengthOf(loginsIn(await shows(demo, ivan, taken, "3.")), 3)
    await demo.press(ivan, "1", taken)
    await shows(demo, ivan, taken, /1\.[^]*Логин/)
    await demo.press(ivan, "1 ⛔ Блок", taken)
    await demo.press(ivan, "1 Нет", taken)
    await demo.press(ivan, "2 ✅ Хороший", taken)

    const mine = await report(ivan, "Аккаунты", "VK", "Все регионы")
    await shows(demo, ivan, mine, /Выдано +3 .*\nБлок +1 .*\nХороший +1 .*\n.*\nЖдут отметки +1/)

    await demo.stop("SIGKILL")
    await demo.start()
    await demo.press(ivan, "По регионам", mine)
    await shows(demo, ivan, mine, /495 +3 +1 +1 +0 +1 +0\nИтого +3 +1 +1 +0 +1 +0/)

    await demo.press(ivan, "📊 График", mine)
    const picture = await pictureOf(ivan)
    assert.deepInclude(picture.photo, { width: 1080 })
    await demo.press(ivan, "По дням", picture.messageId)
    const turned = await demo.eventually("another picture", async () => {
      const now = await pictureOf(ivan)
      return now.photo?.path === picture.photo?.path ? undefined : now
    })
    assert.strictEqual(turned.messageId, picture.messageId)

    const all = await report(admin, "Аккаунты", "VK", "495")
    await shows(demo, admin, all, /все сотрудники\n\n[^]*Выдано +3/)
    await demo.press(admin, "Мои", all)
    await shows(demo, admin, all, "За это время ничего не выдано.")
  })
})
