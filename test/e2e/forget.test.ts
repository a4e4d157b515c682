/** A person is forgotten while the bot goes on for the others: nothing is found of them any more. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { admin, hire, issuedRows, ivan, loginsIn, shows, typeOrder } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

/** Of somebody whose id and name stand nowhere else. */
const nina = 7_900_017_123
const traces = [String(nina), "Забывайло", "nina_example"]

/** Where each of the traces is found in the bot's own files: the outside world is not its own. */
const found = () => {
  const files = Fs.readdirSync(demo.file("."), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${Path.sep}world`))
    .map(({ parentPath, name }) => Path.join(parentPath, name))
  return traces.flatMap((trace) =>
    files
      .filter((file) => contentOf(file).includes(Buffer.from(trace)))
      .map((file) => `${trace} in ${Path.relative(demo.file("."), file)}`),
  )
}

/** Of a file that is there no more, nothing: a backup is made under another name first. */
const contentOf = (file: string): Buffer => {
  try {
    return Fs.readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}

const backups = () => Fs.readdirSync(demo.file("backups"))

describe("/forget", () => {
  it("leaves nothing of a person in data, backups and log, and the others go on", async () => {
    demo = Demo.process({ LOG_LEVEL: "Debug" })
    demo.env["BACKUP_DIR"] = demo.file("backups")
    await startStaffed(demo)
    await demo.post("/sim/users", { id: nina, firstName: "Нина", username: "nina_example" })
    await hire(demo, nina, "Забывайло")
    const messageId = await typeOrder(demo, nina, "ок 495 2")
    const logins = loginsIn(await shows(demo, nina, messageId, "Логин"))
    assert.lengthOf(logins, 2)
    await demo.advance("6 minutes")
    await issuedRows(demo, "Одноклассники_Выдано", 2)
    await demo.advance("1 day")
    await demo.eventually("a backup with her in it", async () =>
      found().some((place) => /backups\/account-bot[^/]*\/journal\.db$/.test(place))
        ? true
        : undefined,
    )

    await demo.say(admin, `/whitelist_remove ${nina}`)
    await demo.press(admin, "Убрать доступ")
    await demo.sees(admin, "Доступ закрыт")
    await demo.say(admin, `/forget ${nina}`)
    await demo.sees(admin, "Получено за всё время: 2 штуки")
    assert.isAbove(found().length, 2)
    await demo.press(admin, "Стереть")
    const { text } = await demo.sees(admin, "Данные человека стёрты")
    assert.include(text, "Выдач без имени: 2")

    // The next backup is made of what there is now.
    assert.isAbove(backups().length, 0)
    assert.deepStrictEqual(found(), [])
    assert.notInclude(demo.output, String(nina))
    assert.notInclude(demo.output, "Забывайло")
    assert.match(demo.output, /person=p-[0-9a-f]{10}/)

    // Nobody gets what she had, and the books add up.
    const after = await typeOrder(demo, ivan, "ок 495 1")
    const [login] = loginsIn(await shows(demo, ivan, after, "Логин"))
    assert.isFalse(logins.includes(login ?? ""))
    await demo.say(admin, "/health")
    await demo.sees(admin, /сход/)
    await demo.say(nina, "/menu")
    await demo.sees(nina, "Доступ запрещён")
  })
})
