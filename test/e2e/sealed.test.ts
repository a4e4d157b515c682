/** The journal is sealed from one start to the next, while people go on taking items. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { ivan, issuedRows, loginsIn, shows, typeOrder } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const spelled = (n: number) => Buffer.alloc(32, n).toString("base64")

/** The bot's own files in which one of these texts stands. */
const filesWith = (texts: ReadonlyArray<string>) =>
  Fs.readdirSync(demo.file("."), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${Path.sep}world`))
    .map(({ parentPath, name }) => Path.join(parentPath, name))
    .filter((file) => {
      const bytes = Fs.readFileSync(file)
      return texts.some((text) => bytes.includes(text))
    })
    .map((file) => Path.basename(file))

const take = async () => {
  const messageId = await typeOrder(demo, ivan, "вк 495 2")
  return loginsIn(await shows(demo, ivan, messageId, "Логин"))
}

describe("JOURNAL_KEY", () => {
  it("seals the journal and its backups at a start, over a kill, and for another key", async () => {
    demo = Demo.process()
    await startStaffed(demo)
    const first = await take()
    assert.include(filesWith(first).join(), "journal.db")
    await demo.stop("SIGKILL")

    const file = demo.file("journal.key")
    Fs.writeFileSync(file, spelled(1))
    demo.env["JOURNAL_KEY"] = file
    demo.env["BACKUP_DIR"] = demo.file("backups")
    await demo.start()
    assert.include(demo.output, "the journal is sealed with the key 72cd6e84")
    const second = await take()
    await demo.eventually("a backup", async () =>
      Fs.existsSync(demo.file("backups")) &&
      Fs.readdirSync(demo.file("backups")).some((name) => !name.startsWith("."))
        ? true
        : undefined,
    )
    assert.deepStrictEqual(filesWith([...first, ...second]), [])
    await demo.stop("SIGKILL")

    Fs.writeFileSync(file, `${spelled(2)}\n${spelled(1)}\n`)
    await demo.start()
    assert.include(demo.output, "before=72cd6e84")
    const third = await take()
    assert.deepStrictEqual(filesWith([...first, ...second, ...third]), [])
    const logins = [...first, ...second, ...third]
    assert.lengthOf(new Set(logins), 6)
    await demo.advance("6 minutes")
    const rows = await issuedRows(demo, "ВКонтакте_Выдано", 6)
    assert.sameMembers(
      rows.map((row) => row["Логин"] ?? ""),
      logins,
    )
    assert.deepStrictEqual(filesWith(logins), [])
    assert.notInclude(demo.output, spelled(2).slice(0, 12))
  })
})
