/**
 * Reads Telegram's HTML into plain text and entities, with the server's own complaints.
 *
 * Offsets of entities count UTF-16 units, offsets in complaints count UTF-8 bytes.
 */
import { Result } from "effect"
import type { Entity } from "./TelegramState.ts"

export interface Formatted {
  readonly text: string
  readonly entities: ReadonlyArray<Entity>
}

interface StartTag {
  readonly name: string
  readonly argument: string
  readonly date: number
  readonly end: number
}

interface OpenTag extends StartTag {
  readonly offset: number
}

/** Fails with the complaint, to be put after "can't parse entities: ". */
export const parseHtml = (source: string): Result.Result<Formatted, string> =>
  Result.gen(function* () {
    const open: Array<OpenTag> = []
    const entities: Array<Entity> = []
    let text = ""
    let at = 0
    while (at < source.length) {
      const reference = source[at] === "&" ? readReference(source, at) : undefined
      if (reference !== undefined) {
        text += reference.character
        at = reference.end
      } else if (source[at] !== "<") {
        text += source[at]
        at += 1
      } else if (source[at + 1] === "/") {
        const last = open.pop()
        if (last === undefined) {
          return yield* Result.fail(`Unexpected end tag at byte offset ${byteOffset(source, at)}`)
        }
        at = yield* readEndTag(source, at, last.name)
        if (text.length > last.offset) yield* close(entities, last, text)
      } else {
        const tag = yield* readStartTag(source, at)
        open.push({ ...tag, offset: text.length })
        at = tag.end
      }
    }
    const last = open.at(-1)
    if (last !== undefined) {
      return yield* Result.fail(`Can't find end tag corresponding to start tag "${last.name}"`)
    }
    if (!text.isWellFormed()) {
      return yield* Result.fail(
        "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
      )
    }
    return { text, entities: entities.map(withoutEmptyLanguage) }
  })

const kinds: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  u: "underline",
  ins: "underline",
  "tg-spoiler": "spoiler",
  span: "spoiler",
}

const close = (
  entities: Array<Entity>,
  tag: OpenTag,
  text: string,
): Result.Result<void, string> => {
  const { name, argument, offset } = tag
  const span = { offset, length: text.length - offset }
  const kind = kinds[name]
  const previous = entities.at(-1)
  const same = previous?.offset === offset && previous.length === span.length
  if (kind !== undefined) entities.push({ type: kind, ...span })
  else if (name === "a")
    entities.push(...link(argument === "" ? text.slice(offset) : argument, span))
  else if (name === "tg-emoji") {
    if (!/^-?[1-9]\d*$/.test(argument))
      return Result.fail("Invalid custom emoji identifier specified")
    entities.push({ type: "custom_emoji", ...span, custom_emoji_id: argument })
  } else if (name === "tg-time") {
    const format = argument === "" ? {} : { date_time_format: argument }
    if (tag.date > 0) entities.push({ type: "date_time", ...span, unix_time: tag.date, ...format })
  } else if (name === "blockquote") {
    entities.push({ type: argument === "" ? "blockquote" : "expandable_blockquote", ...span })
  } else if (name === "pre" && same && previous.type === "code" && previous.language !== "") {
    entities.splice(-1, 1, { ...previous, type: "pre" })
  } else if (name === "code" && same && previous.type === "pre" && argument !== "") {
    entities.splice(-1, 1, { ...previous, language: argument })
  } else entities.push({ type: name, ...span, language: argument })
  return Result.void
}

const link = (url: string, span: { offset: number; length: number }): ReadonlyArray<Entity> => {
  const user = /^tg:\/\/user\?id=(\d+)$/.exec(url)?.[1]
  if (user !== undefined) return [{ type: "text_mention", ...span, user: { id: Number(user) } }]
  const full = /^[a-z]+:/i.test(url) ? url : `http://${url}`
  const parsed = URL.parse(full)
  const valid = parsed !== null && (parsed.protocol === "tg:" || parsed.hostname.includes("."))
  return valid ? [{ type: "text_link", ...span, url: parsed.href }] : []
}

/** While tags nest, `code` carries its language along for a `pre` around it. */
const withoutEmptyLanguage = ({ language, ...entity }: Entity): Entity =>
  entity.type === "pre" && language !== undefined && language !== ""
    ? { ...entity, language }
    : entity

/** A character reference, such as `&lt;`; `undefined` for what the server takes as plain text. */
const readReference = (source: string, at: number) => {
  const match = /&(?:#x([\da-fA-F]*)|#(\d*)|([a-zA-Z]*))(;?)/y
  match.lastIndex = at
  const found = match.exec(source)
  if (found === null) return undefined
  const [whole, hex, decimal, name, semicolon] = found
  const end = at + whole.length
  if (name !== undefined) {
    const character = Object.hasOwn(named, name) ? named[name] : undefined
    return character === undefined ? undefined : { character, end }
  }
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  const length = whole.length - (semicolon?.length ?? 0)
  const unreadable = !(code > 0) || code >= 0x10ffff || length >= 10
  return unreadable ? undefined : { character: String.fromCodePoint(code), end }
}

const readEndTag = (
  source: string,
  begin: number,
  expected: string,
): Result.Result<number, string> => {
  let at = begin + 2
  while (!isSpace(source[at]) && source[at] !== ">") at += 1
  const name = source.slice(begin + 2, at).toLowerCase()
  at = skipSpaces(source, at)
  const offset = byteOffset(source, begin)
  if (source[at] !== ">") return Result.fail(`Unclosed end tag at byte offset ${offset}`)
  if (name !== "" && name !== expected) {
    return Result.fail(
      `Unmatched end tag at byte offset ${offset}, expected "</${expected}>", found "</${name}>"`,
    )
  }
  return Result.succeed(at + 1)
}

const readStartTag = (source: string, begin: number): Result.Result<StartTag, string> =>
  Result.gen(function* () {
    const offset = byteOffset(source, begin)
    let at = begin + 1
    while (!isSpace(source[at]) && source[at] !== ">") at += 1
    if (at >= source.length) {
      return yield* Result.fail(`Unclosed start tag at byte offset ${offset}`)
    }
    const name = source.slice(begin + 1, at).toLowerCase()
    if (!tags.has(name)) {
      return yield* Result.fail(`Unsupported start tag "${name}" at byte offset ${offset}`)
    }
    let argument = ""
    let date = 0
    while (source[at] !== ">") {
      at = skipSpaces(source, at)
      if (source[at] === ">") break
      const attribute = yield* readAttribute(source, at, name, offset)
      at = attribute.end
      const meaning = meaningOf(name, attribute.name, attribute.value)
      if (meaning?.date !== undefined) date = meaning.date
      if (meaning?.argument !== undefined) argument = meaning.argument
    }
    if (name === "span" && argument !== "spoiler") {
      return yield* Result.fail(`Tag "span" must have class "tg-spoiler" at byte offset ${offset}`)
    }
    return { name, argument, date, end: at + 1 }
  })

const readAttribute = (
  source: string,
  begin: number,
  tag: string,
  offset: number,
): Result.Result<{ name: string; value: string | undefined; end: number }, string> => {
  let at = begin
  while (!isSpace(source[at]) && !`=>/"'`.includes(source[at] ?? "")) at += 1
  const name = source.slice(begin, at)
  if (name === "") {
    return Result.fail(`Empty attribute name in the tag "${tag}" at byte offset ${offset}`)
  }
  at = skipSpaces(source, at)
  const unclosed = Result.fail(`Unclosed start tag "${tag}" at byte offset ${offset}`)
  if (at >= source.length) return unclosed
  if (source[at] !== "=") return Result.succeed({ name, value: undefined, end: at })
  at = skipSpaces(source, at + 1)
  if (at >= source.length) return unclosed
  const quote = source[at]
  if (quote !== '"' && quote !== "'") {
    const token = at
    while (/[a-zA-Z\d.-]/.test(source[at] ?? "")) at += 1
    if (!isSpace(source[at]) && source[at] !== ">") {
      return Result.fail(`Unexpected end of name token at byte offset ${byteOffset(source, token)}`)
    }
    return Result.succeed({ name, value: source.slice(token, at).toLowerCase(), end: at })
  }
  const { value, end } = readQuoted(source, at + 1, quote)
  return end >= source.length
    ? Result.fail(`Unclosed start tag at byte offset ${offset}`)
    : Result.succeed({ name, value, end })
}

const readQuoted = (source: string, begin: number, quote: string) => {
  let at = begin
  let value = ""
  while (at < source.length && source[at] !== quote) {
    const reference = source[at] === "&" ? readReference(source, at) : undefined
    value += reference?.character ?? source[at]
    at = reference?.end ?? at + 1
  }
  return { value, end: at + 1 }
}

const meaningOf = (tag: string, name: string, value: string | undefined) => {
  if (tag === "blockquote" && name === "expandable") return { argument: "1" }
  if (value === undefined) return undefined
  switch (`${tag} ${name}`) {
    case "a href":
    case "tg-emoji emoji-id":
    case "tg-time format":
      return { argument: value }
    case "code class":
      return value.startsWith("language-") ? { argument: value.slice(9) } : undefined
    case "span class":
      return value.startsWith("tg-") ? { argument: value.slice(3) } : undefined
    case "tg-time unix":
      return { date: Number.parseInt(value, 10) || 0 }
    default:
      return undefined
  }
}

const tags = new Set(
  "a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote".split(
    " ",
  ),
)

/** Whether a space stands there. Beyond the end the server reads a zero byte, which counts as one. */
const isSpace = (character: string | undefined) =>
  character === undefined || " \t\n\r\v\0".includes(character)

const byteOffset = (source: string, at: number) =>
  new TextEncoder().encode(source.slice(0, at)).length

const skipSpaces = (source: string, from: number) => {
  let at = from
  while (at < source.length && isSpace(source[at])) at += 1
  return at
}

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' }
