/** The bundle is made of the sources as they are, or it is not started. */
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { bundled, freshBundle } from "../src/bundle.ts"

const parent = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-bundle-"))
afterAll(() => Fs.rmSync(parent, { recursive: true, force: true }))

/** A program that prints `words`; with a bundler among its packages or without. */
const programSaying = (words: string, { hasBundler }: { readonly hasBundler: boolean }) => {
  const root = Fs.mkdtempSync(Path.join(parent, "program-"))
  Fs.mkdirSync(Path.join(root, "src"))
  if (hasBundler) Fs.mkdirSync(Path.join(root, "node_modules", "rolldown"), { recursive: true })
  Fs.writeFileSync(Path.join(root, "package-lock.json"), "{}")
  const say = (text: string) => {
    Fs.writeFileSync(Path.join(root, "src", "words.ts"), `export const words: string = "${text}"\n`)
  }
  say(words)
  const main = 'import { words } from "./words.ts"\nprocess.stdout.write(words)\n'
  Fs.writeFileSync(Path.join(root, "src", "terminal.ts"), main)
  return { root, say }
}

const run = (main: string) => execFileSync(process.execPath, [main], { encoding: "utf8" })

describe("the bundle", () => {
  it("is kept until a source changes, and made anew then", async () => {
    const { root, say } = programSaying("one", { hasBundler: true })
    assert.isUndefined(freshBundle(root))
    const main = await bundled(root)
    assert.strictEqual(run(main), "one")
    assert.strictEqual(freshBundle(root), main)
    assert.isFalse(Fs.readFileSync(Path.join(main, "..", "terminal.mjs"), "utf8").includes(root))

    say("two")
    assert.isUndefined(freshBundle(root))
    assert.strictEqual(run(await bundled(root)), "two")
    assert.strictEqual(freshBundle(root), main)
  })

  it("can be read by the user who runs the bot, be it another one than who made it", async () => {
    const { root } = programSaying("one", { hasBundler: true })
    const directory = Path.dirname(await bundled(root))
    const modeOf = (place: string) => Fs.statSync(place).mode & 0o777
    assert.strictEqual(modeOf(directory), modeOf(Path.join(root, "src")))
    assert.strictEqual(modeOf(directory) & 0o055, 0o055)
  })

  it("is of other packages when the lock file has changed", async () => {
    const { root } = programSaying("one", { hasBundler: true })
    await bundled(root)
    Fs.writeFileSync(Path.join(root, "package-lock.json"), '{ "changed": true }')
    assert.isUndefined(freshBundle(root))
  })

  it("is made by several processes at once without harm", async () => {
    const { root } = programSaying("one", { hasBundler: true })
    const made = await Promise.all(Array.from({ length: 4 }, () => bundled(root)))
    assert.strictEqual(new Set(made).size, 1)
    assert.deepStrictEqual(Fs.readdirSync(Path.join(root, "node_modules", ".cache")), [
      "account-bot",
    ])
    assert.strictEqual(run(made[0] ?? ""), "one")
  })

  it("says every letter as the sources do, and has none itself that doubles its memory", async () => {
    const { root } = programSaying("Ключ → ключи 🔑 « · »", { hasBundler: true })
    const more =
      "const key = /^[а-яё →🔑«·»]+$/iu.exec(words)?.[0]\nprocess.stdout.write(` ${key} по-русски 🗝`)"
    Fs.appendFileSync(Path.join(root, "src", "terminal.ts"), more)
    const main = await bundled(root)
    const said = "Ключ → ключи 🔑 « · »"
    assert.strictEqual(run(main), `${said} ${said} по-русски 🗝`)
    const texts = Fs.readdirSync(Path.dirname(main))
      .filter((name) => name.endsWith(".mjs"))
      .map((name) => Fs.readFileSync(Path.join(main, "..", name), "utf8"))
    assert.isTrue(texts.every((text) => /^[\0-\x7F]*$/.test(text)))
  })

  it("loads nothing of Node's client for fetch, be it for node:http or for headers", async () => {
    const { root } = programSaying("one", { hasBundler: true })
    const packages = Path.join(root, "node_modules", "node-fetch")
    Fs.mkdirSync(packages)
    Fs.writeFileSync(
      Path.join(packages, "index.js"),
      "export class Headers { words = `own` }\nexport class FormData {}\n",
    )
    Fs.writeFileSync(Path.join(packages, "package.json"), '{ "type": "module" }')
    const main = `
      import * as Http from "node:http"
      import { request } from "node:http"
      import { METHODS } from "http"
      import { words } from "./words.ts"
      const isWhole = Http.request === request && Http.METHODS === METHODS
      const loaded = process.moduleLoadList.filter((name) => name.includes("undici"))
      process.stdout.write([words, new Headers().words, isWhole, ...loaded].join())
    `
    Fs.writeFileSync(Path.join(root, "src", "terminal.ts"), main)
    assert.strictEqual(run(await bundled(root)), "one,own,true")
  })

  it("starts the sources where there is no bundler", async () => {
    const { root, say } = programSaying("one", { hasBundler: false })
    const main = await bundled(root)
    assert.strictEqual(run(main), "one")
    say("two")
    assert.strictEqual(run(main), "two")
  })
})
