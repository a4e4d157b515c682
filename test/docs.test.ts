/** What exists is in the docs, and what the docs name exists. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { ofAdminsOnly } from "../src/bot/Commands.ts"
import { ru } from "../src/bot/texts/ru.ts"
import { ownPaths, variables } from "../src/config/Settings.ts"
import { Alarm } from "../src/observe/Alarms.ts"
import { sources } from "./sourceFiles.ts"

const root = Path.join(import.meta.dirname, "..")
const text = (file: string) => Fs.readFileSync(Path.join(root, file), "utf8")

/** All that is written for people who run the bot. */
const pages = [
  "README.md",
  "README.ru.md",
  ...Fs.readdirSync(Path.join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
]
const everything = pages.map(text).join("\n")

/** The rows of the first table below a heading, each as its cells. */
const tableBelow = (page: string, heading: string): ReadonlyArray<ReadonlyArray<string>> =>
  (`\n${page}`.split(`\n${heading}\n`)[1] ?? "")
    .split("\n\n")
    .find((part) => part.trimStart().startsWith("|"))
    ?.trim()
    .split("\n")
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim())) ?? []

const codesIn = (cells: ReadonlyArray<string>) =>
  cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code = ""]) => code))

const unique = (names: Iterable<string>) => [...new Set(names)].toSorted()

describe("docs", () => {
  it.each(["README.md", "README.ru.md"])(
    "%s has every setting in its table, and no other",
    (file) => {
      const listed = text(file)
        .split("\n")
        .filter((line) => /^\| `[A-Z_]+`/.test(line))
        .flatMap((line) =>
          codesIn(line.split("|")).filter((code) => /^[A-Z][A-Z_]{3,}$/.test(code)),
        )
      assert.deepStrictEqual(
        unique(listed),
        unique(Object.values(variables).map(({ name }) => name)),
      )
    },
  )

  it("the table of alarms has every kind of alarm, and no other", () => {
    const listed = tableBelow(text("docs/operations.md"), "## Alarms").flatMap((cells) =>
      codesIn(cells.slice(2, 3)),
    )
    assert.deepStrictEqual(unique(listed), unique(Object.keys(Alarm.cases)))
  })

  it("the errors are those of the code, but for what never leaves its part", () => {
    const inCode = sources().flatMap(({ path, text: source }) =>
      path.startsWith("playground/")
        ? []
        : [...source.matchAll(/TaggedError<(\w+)>/g)].map(([, name = ""]) => name),
    )
    const page = text("docs/errors.md")
    const listed = ["## At the start (exit code 1, nothing changed)", "## While it runs"].flatMap(
      (heading) => tableBelow(page, heading).flatMap((cells) => codesIn(cells.slice(1, 2))),
    )
    const inner = [
      "StartRefused",
      "Unhealthy",
      "ChartFailed",
      "TakingOver",
      "IntakeStopped",
      "CopyUnsound",
    ]
    assert.deepStrictEqual(
      unique(listed.filter((name) => name !== "Unauthorized" && name !== "PlaygroundError")),
      unique(inCode.filter((name) => !inner.includes(name))),
    )
  })

  it("every address that the program answers is in docs/monitoring.md, and none else", () => {
    const listed = tableBelow(text("docs/monitoring.md"), "# Watching it").flatMap(
      ([, cell = ""]) => [...cell.matchAll(/`(\/\w+)`/g)].map(([, path = ""]) => path),
    )
    assert.deepStrictEqual(unique(listed), unique(Object.values(ownPaths)))
  })

  it("every command of the bot is explained, and every command that is named exists", () => {
    const known = new Set<string>(Object.keys(ru.menu.commands))
    const unnamed = [...known].filter((name) => !everything.includes(`/${name}`))
    assert.deepStrictEqual(unnamed, [])
    assert.isTrue(ofAdminsOnly.every((name) => known.has(name)))
  })

  it("every command line in the docs begins a command that exists", () => {
    const inProgram = [...text("src/terminal.ts").matchAll(/from "\.\/cli\/(\w+)\.ts"/g)].map(
      ([, name = ""]) => (name === "healthcheck" ? "health" : name),
    )
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> }
    for (const [, name = ""] of everything.matchAll(/\bnode src\/main\.ts (\w+)/g)) {
      assert.include([...inProgram, "run"], name.replace("completionsOf", "completions"))
    }
    for (const [, name = ""] of everything.matchAll(/\bnpm run ([\w:]+)/g)) {
      assert.isDefined(scripts[name], `npm run ${name}`)
    }
    for (const name of inProgram) assert.include(everything, name)
  })

  it("every link to another page leads to one that exists", () => {
    const missing = pages.flatMap((page) =>
      [...text(page).matchAll(/\]\((?!https?:)([^)#\s]+)(#[^)]*)?\)/g)].flatMap(
        ([, target = ""]) => {
          const file = Path.join(root, Path.dirname(page), target)
          return Fs.existsSync(file) ? [] : [`${page}: ${target}`]
        },
      ),
    )
    assert.deepStrictEqual(missing, [])
  })
})
