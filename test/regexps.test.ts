/**
 * No regular expression of src takes more than linear time, whatever it is given: one message once
 * held everybody up for nine seconds.
 *
 * Each literal is looked at as an automaton, so nothing is timed.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { analyse } from "scslre"
import { assert, describe, it } from "vitest"
import { hasLogin } from "../src/bot/wizards/proxyAdd.ts"

const root = Path.join(import.meta.dirname, "..", "src")

interface Literal {
  readonly source: string
  readonly flags: string
  readonly line: number
}

const slow = ({ source, flags }: Omit<Literal, "line">) =>
  analyse({ source, flags }).reports.map(({ type }) => type)

/** Where an expression may begin: behind a sign that ends no value, or behind such a word. */
const precedesValue = /(?:^|[(,=:[!&|?{};>+]|\b(?:return|case|of|in|typeof))$/

/** The regular expressions in a source. Strings, templates and comments are stepped over. */
const literalsIn = (text: string): ReadonlyArray<Literal> => {
  const found: Array<Literal> = []
  /** What the scanner is in: a block, or a value inside of a template. */
  const within: Array<"block" | "template"> = []
  let before = ""
  let at = 0
  const skip = (end: string) => {
    for (at += 1; text[at] !== end; at += 1) if (text[at] === "\\") at += 1
    at += 1
    before = "value"
  }
  const template = () => {
    for (at += 1; text[at] !== "`"; at += 1) {
      if (text[at] === "\\") at += 1
      else if (text.startsWith("${", at)) {
        within.push("template")
        at += 2
        before = "{"
        return
      }
    }
    at += 1
    before = "value"
  }
  const literal = () => {
    const from = at
    let isClass = false
    for (at += 1; text[at] !== "/" || isClass; at += 1) {
      if (text[at] === "\\") at += 1
      else if (text[at] === "[") isClass = true
      else if (text[at] === "]") isClass = false
    }
    const flags = /^[a-z]*/.exec(text.slice(at + 1))?.[0] ?? ""
    const line = text.slice(0, from).split("\n").length
    found.push({ source: text.slice(from + 1, at), flags, line })
    at += 1 + flags.length
    before = "value"
  }
  while (at < text.length) {
    const sign = text[at] ?? ""
    if (text.startsWith("//", at)) at = Math.max(text.indexOf("\n", at), at + 2)
    else if (text.startsWith("/*", at)) at = text.indexOf("*/", at) + 2
    else if (sign === '"' || sign === "'") skip(sign)
    else if (sign === "`") template()
    else if (sign === "}" && within.pop() === "template") template()
    else if (sign === "/" && precedesValue.test(before)) literal()
    else {
      if (sign === "{") within.push("block")
      const word = /^\w+/.exec(text.slice(at, at + 64))?.[0]
      at += word?.length ?? 1
      if (sign.trim() !== "") before = word ?? sign
    }
  }
  return found
}

describe("regular expressions", () => {
  it("of src take linear time", () => {
    const files = Fs.readdirSync(root, { recursive: true, encoding: "utf8" })
    let count = 0
    const problems = files
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        literalsIn(Fs.readFileSync(Path.join(root, file), "utf8")).flatMap((literal) => {
          count += 1
          const types = slow(literal)
          return types.length === 0
            ? []
            : [`${file}:${literal.line} /${literal.source}/ ${types.join()}`]
        }),
      )
    assert.deepStrictEqual(problems, [])
    assert.isAbove(count, 150)
  })

  it.each([String.raw`\S:\S+@\S+:\d`, String.raw`\s+$`, String.raw`(a+)+b`, String.raw`<[^>]*>`])(
    "that take longer are found: %s",
    (source) => assert.isNotEmpty(slow({ source, flags: "" })),
  )

  it("are found in a source, and nothing else is", () => {
    const source = [
      "const a = b / c / d // no /one/",
      "/* nor /this/ */ const e = /f[/]g/u.test(`/h/ ${/i\\//g} }`)",
      'return "/j/" + {k: /l/}',
    ].join("\n")
    assert.deepStrictEqual(
      literalsIn(source).map(({ source: found, flags, line }) => [found, flags, line]),
      [
        ["f[/]g", "u", 2],
        ["i\\/", "g", 2],
        ["l", "", 3],
      ],
    )
  })
})

it("64 kB of anything are looked through for a login at once", () => {
  for (const part of [":", "a:", "a:b@", "@", "a:a@a:", "://", " "]) {
    assert.isBoolean(hasLogin(part.repeat(65_536 / part.length)))
  }
})
