/** The tree that the Dockerfile makes of the program and its packages, without the rest of them. */
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { afterEach, assert, describe, it } from "vitest"
import { bundled } from "../../src/bundle.ts"
import { Demo, type Message } from "./Demo.ts"
import { freshMenu, ivan, loginsIn, order, shows } from "./people.ts"
import { startStaffed } from "./templates.ts"

const root = Path.join(import.meta.dirname, "..", "..")
const tree = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-image-"))
let demo: Demo | undefined

afterEach(async () => {
  await demo?.remove()
  Fs.rmSync(tree, { recursive: true, force: true })
})

/** What the Dockerfile runs to fill `/bot`, which stands for the tree here. */
const filling = Fs.readFileSync(Path.join(root, "Dockerfile"), "utf8")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line.startsWith("RUN ") && line.includes(" /bot/"))
  .map((line) => line.slice("RUN ".length).replaceAll("/bot/", `${tree}/`))

describe("the image", () => {
  it("holds what the program needs, the letters of its charts included, and is small", async () => {
    await bundled()
    assert.lengthOf(filling, 1)
    for (const command of filling) execFileSync("sh", ["-ec", command], { cwd: root })

    demo = Demo.from(tree)
    await startStaffed(demo)
    const taken = await order(demo, ivan, { resource: "VK", region: "495", quantity: 3 })
    await demo.press(ivan, "3", taken)
    assert.lengthOf(loginsIn(await shows(demo, ivan, taken, "3.")), 3)
    const report = await freshMenu(demo, ivan)
    for (const step of ["Статистика", "По шагам", "Аккаунты", "VK", "Все регионы", "Месяц"])
      await demo.press(ivan, step, report)
    await demo.press(ivan, "📊 График", report)
    const chart = await demo.eventually("a chart", async () =>
      (await demo?.chat(ivan))?.find((message: Message & { photo?: unknown }) => message.photo),
    )
    assert.isDefined(chart)

    // A package more and it is all of Google's interfaces, 240 MB of them.
    const sizes = Fs.readdirSync(tree, { recursive: true, withFileTypes: true }).map((entry) =>
      entry.isFile() ? Fs.statSync(Path.join(entry.parentPath, entry.name)).size : 0,
    )
    assert.isBelow(sizes.reduce((sum, size) => sum + size, 0) / 1e6, 16)
  })
})
