/** The text of a message as the server takes it: parsed, cleaned, trimmed, measured. */
import { Result } from "effect"
import * as Args from "./Args.ts"
import { endOf, fixEntities, mergeFound } from "./Entities.ts"
import { foundEntities } from "./FoundEntities.ts"
import { type Formatted, parseHtml } from "./Html.ts"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"
import type { Entity } from "./State.ts"

export const messageTextOf = (args: Args.Args): Result.Result<Formatted, TelegramRefusal> =>
  Result.gen(function* () {
    const text = Args.text(args, "text")
    if (text === "") return yield* badRequest("Message text is empty")
    const formatted = yield* formattedText(args, text, "entities")
    if (formatted.text === "") return yield* badRequest("Text must be non-empty")
    if (longerThan(formatted.text, 4_096)) return yield* badRequest("Message is too long")
    return formatted
  })

/** A caption may be empty. */
export const captionOf = (args: Args.Args): Result.Result<Formatted, TelegramRefusal> =>
  Result.gen(function* () {
    const formatted = yield* formattedText(args, Args.text(args, "caption"), "caption_entities")
    return longerThan(formatted.text, 1_024)
      ? yield* badRequest("Message caption is too long")
      : formatted
  })

/** What a person typed: no markup, but commands and links are found. */
export const plainText = (text: string): Formatted => finish({ text, entities: [] })

/** Limits count code points; nearly every text is short enough without counting them. */
export const longerThan = (text: string, limit: number) =>
  text.length > limit && Array.from(text).length > limit

const formattedText = (
  args: Args.Args,
  text: string,
  entitiesName: string,
): Result.Result<Formatted, TelegramRefusal> =>
  Result.gen(function* () {
    if (text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes) {
      return yield* badRequest("Text is too long")
    }
    const mode = Args.text(args, "parse_mode").toLowerCase()
    if (text !== "" && mode === "html") {
      const parsed = Result.mapError(parseHtml(text), (reason) => `Can't parse entities: ${reason}`)
      return finish(yield* Result.orElse(parsed, badRequest))
    }
    if (text !== "" && mode !== "" && mode !== "none") {
      return yield* badRequest("Unsupported parse_mode")
    }
    return finish({ text, entities: yield* givenEntities(args, entitiesName, text) })
  })

const maxBytes = 32_768

/** An unreadable list counts as none, an unreadable member is refused. */
const givenEntities = (
  args: Args.Args,
  name: string,
  text: string,
): Result.Result<ReadonlyArray<Entity>, TelegramRefusal> =>
  Result.gen(function* () {
    const list = Result.getOrElse(Args.json(args, name, ""), () => undefined)
    if (!Array.isArray(list)) return []
    const entities: Array<Entity> = []
    for (const member of list) {
      const entity = Result.mapError(entityOf(member), (why) => `Can't parse MessageEntity: ${why}`)
      const read = yield* Result.orElse(entity, badRequest)
      if (read !== undefined) entities.push(read)
    }
    const outside = entities.find((entity) => entity.offset < 0 || endOf(entity) > text.length)
    if (outside === undefined) return entities
    return yield* badRequest(
      outside.offset >= text.length
        ? `Entity begins after the end of the text at UTF-16 offset ${outside.offset}`
        : `Entity beginning at UTF-16 offset ${outside.offset} ends after the end of the text at UTF-16 offset ${endOf(outside)}`,
    )
  })

/** `undefined` for kinds the server finds by itself and therefore ignores. */
const entityOf = (value: unknown): Result.Result<Entity | undefined, string> =>
  Result.gen(function* () {
    const fields = yield* Result.fromOption(Args.asRecord(value), () => "expected an Object")
    const offset = yield* Args.requiredInt(fields, "offset")
    const length = yield* Args.requiredInt(fields, "length")
    const type = yield* Args.requiredString(fields, "type")
    const span = { type, offset, length }
    if (foundTypes.has(type)) return undefined
    if (plainTypes.has(type)) return span
    switch (type) {
      case "pre": {
        const language = yield* Args.optionalString(fields, "language")
        return language === "" ? span : { ...span, language }
      }
      case "text_link":
        return { ...span, url: yield* Args.requiredString(fields, "url") }
      case "text_mention": {
        const user = yield* Args.requiredObject(fields, "user")
        return { ...span, user: { id: yield* Args.requiredInt(user, "id") } }
      }
      case "custom_emoji":
        return { ...span, custom_emoji_id: yield* Args.requiredString(fields, "custom_emoji_id") }
      default:
        return yield* Result.fail("Unsupported type specified")
    }
  })

const words = (list: string) => new Set(list.split(" "))
const plainTypes = words(
  "bold italic underline strikethrough spoiler code blockquote expandable_blockquote",
)
const foundTypes = words(
  "mention hashtag cashtag bot_command url email phone_number bank_card_number",
)

const finish = (formatted: Formatted): Formatted => {
  const { text, entities } = trimmed(cleaned(formatted))
  return { text, entities: mergeFound(fixEntities(entities), foundEntities(text)) }
}

/** Control characters become spaces; carriage returns and directional marks go. */
const cleaned = ({ text, entities }: Formatted): Formatted => {
  const spaced = text.replaceAll(controls, " ")
  if (!dropped.test(spaced)) return { text: spaced, entities }
  const kept = (offset: number) => spaced.slice(0, offset).replaceAll(droppedAll, "").length
  return {
    text: spaced.replaceAll(droppedAll, ""),
    entities: entities.map((entity) => {
      const offset = kept(entity.offset)
      return { ...entity, offset, length: kept(endOf(entity)) - offset }
    }),
  }
}

// oxlint-disable-next-line no-control-regex -- these characters are what it is about.
const controls = /[\u0000-\u0009\u000b\u000c\u000e-\u001f]/g
const dropped = /\r|[\u2028-\u202e]|\u0333|\u033f|\u030a/
const droppedAll = new RegExp(dropped, "g")

/** Spaces and line ends go at the end, and at the beginning up to the first entity. */
const trimmed = ({ text, entities }: Formatted): Formatted => {
  const ended = text.replace(/[ \n]+$/, "")
  if (!/[^\s\u200b-\u200f\u2060-\u2064\u2800\u3164\ufeff]/u.test(ended))
    return { text: "", entities: [] }
  const leading = /^[ \n]*/.exec(ended)?.[0].length ?? 0
  const start = Math.min(leading, ...entities.map(({ offset }) => offset))
  return {
    text: ended.slice(start),
    entities: entities
      .filter(({ offset }) => offset < ended.length)
      .map((entity) => ({
        ...entity,
        offset: entity.offset - start,
        length: Math.min(endOf(entity), ended.length) - entity.offset,
      })),
  }
}
