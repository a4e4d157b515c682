/**
 * Reads Telegram's HTML into plain text and entities, with the server's own complaints.
 *
 * Offsets of entities count UTF-16 units, offsets in complaints count UTF-8 bytes.
 */
import { Result } from "effect"
import { bytes, readEndTag, readReference, readStartTag, type StartTag } from "./HtmlTag.ts"
import type { Entity } from "./State.ts"

export interface Formatted {
  readonly text: string
  readonly entities: ReadonlyArray<Entity>
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
          return yield* Result.fail(`Unexpected end tag at byte offset ${bytes(source, at)}`)
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
