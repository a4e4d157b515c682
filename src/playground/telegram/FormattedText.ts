/** The text of a message as the server takes it: parsed, cleaned, trimmed, measured. */
import { Result } from "effect"
import * as Args from "./Args.ts"
import { type Formatted, parseHtml } from "./Html.ts"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"
import type { Entity } from "./TelegramState.ts"

/** The text of a message; it may not be empty. */
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

/**
 * Whether the text has more code points than the limit. Counting them costs, and nearly every text
 * has few enough UTF-16 units already.
 */
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

const wordsOf = (list: string) => new Set(list.split(" "))
const plainTypes = wordsOf(
  "bold italic underline strikethrough spoiler code blockquote expandable_blockquote",
)
const foundTypes = wordsOf(
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
  const ended = text.replace(/(?<![ \n])[ \n]+$/, "")
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

/**
 * Entities as they can live together in one text. Bold, italic, underline, strikethrough and spoiler
 * are splittable: they overlap freely and are cut where another entity begins or ends. The others
 * are continuous and keep their ground. Inside `code` and `pre` nothing else survives, so a spoiler
 * around code leaves the text visible.
 */
export const fixEntities = (entities: ReadonlyArray<Entity>): ReadonlyArray<Entity> => {
  const sorted = inOrder(entities.filter(({ length }) => length > 0))
  const splittable = sorted.filter(isSplittable)
  const quotes = withoutIntersecting(sorted.filter(isQuote))
  const others = sorted.filter((entity) => !isSplittable(entity) && !isQuote(entity))
  const continuous = withoutIntersecting(others).filter((entity) => fitsQuotes(entity, quotes))
  const firm = inOrder([...continuous, ...quotes])
  return splittable.length === 0 ? firm : inOrder([...firm, ...split(splittable, firm)])
}

/** Adds what was found in the text where nothing continuous stands already. */
const mergeFound = (
  entities: ReadonlyArray<Entity>,
  found: ReadonlyArray<Entity>,
): ReadonlyArray<Entity> => {
  if (found.length === 0) return entities
  const firm = entities.filter((entity) => !isSplittable(entity) && !isQuote(entity))
  const free = found.filter((entity) => !firm.some((other) => intersect(entity, other)))
  return fixEntities([...entities, ...free])
}

const endOf = ({ offset, length }: Pick<Entity, "offset" | "length">) => offset + length

const splittableTypes = ["bold", "italic", "underline", "strikethrough", "spoiler"] as const
type SplittableType = (typeof splittableTypes)[number]

const isSplittable = (entity: Entity): entity is Entity & { type: SplittableType } =>
  splittableTypes.some((type) => type === entity.type)

const isQuote = ({ type }: Entity) => type === "blockquote" || type === "expandable_blockquote"
const isPre = ({ type }: Entity) => type === "code" || type === "pre"

const intersect = (one: Entity, other: Entity) =>
  one.offset < endOf(other) && other.offset < endOf(one)

const priorities: Readonly<Record<string, number>> = {
  blockquote: 0,
  expandable_blockquote: 0,
  pre: 11,
  code: 20,
  date_time: 30,
  text_link: 49,
  text_mention: 49,
  bold: 90,
  italic: 91,
  underline: 92,
  strikethrough: 93,
  spoiler: 94,
  custom_emoji: 99,
}

const priority = ({ type }: Entity) => priorities[type] ?? 50

/** By offset, the longer first, then by the rank of the type. */
const inOrder = (entities: ReadonlyArray<Entity>) =>
  entities.toSorted(
    (one, other) =>
      one.offset - other.offset || other.length - one.length || priority(one) - priority(other),
  )

/** Of entities that overlap the first one stays. */
const withoutIntersecting = (sorted: ReadonlyArray<Entity>) => {
  let end = 0
  return sorted.filter((entity) => {
    if (entity.offset < end) return false
    end = endOf(entity)
    return true
  })
}

/** A quote may hold a continuous entity whole; they may not cross. */
const fitsQuotes = (entity: Entity, quotes: ReadonlyArray<Entity>) => {
  const quote = quotes.find((candidate) => endOf(candidate) > entity.offset)
  if (quote === undefined) return true
  const startsBefore = entity.offset < quote.offset && quote.offset < endOf(entity)
  return !startsBefore && endOf(quote) >= endOf(entity)
}

/** Cuts the splittable entities at the borders of the firm ones and of each other. */
const split = (
  splittable: ReadonlyArray<Entity & { type: SplittableType }>,
  firm: ReadonlyArray<Entity>,
): ReadonlyArray<Entity> => {
  const running = new Map<SplittableType, { begin: number; end: number }>()
  const pieces: Array<Entity> = []
  let next = 0

  const cutAt = (offset: number) => {
    for (const type of splittableTypes) {
      const run = running.get(type)
      if (run === undefined || run.begin >= offset) continue
      const end = Math.min(run.end, offset)
      pieces.push({ type, offset: run.begin, length: end - run.begin })
      if (run.end <= offset) running.delete(type)
      else run.begin = offset
    }
  }
  const runTo = (offset: number) => {
    for (let entity = splittable[next]; entity !== undefined; entity = splittable[++next]) {
      if (entity.offset >= offset) break
      const run = running.get(entity.type)
      if (run !== undefined && entity.offset <= run.end) run.end = Math.max(run.end, endOf(entity))
      else {
        cutAt(entity.offset)
        running.set(entity.type, { begin: entity.offset, end: endOf(entity) })
      }
    }
    cutAt(offset)
  }

  const nested: Array<Entity> = []
  const advance = (offset: number) => {
    for (let inner = nested.at(-1); inner && offset >= endOf(inner); inner = nested.at(-1)) {
      const before = pieces.length
      runTo(endOf(inner))
      if (isPre(inner)) pieces.length = before
      nested.pop()
    }
    runTo(offset)
  }
  for (const entity of firm) {
    advance(entity.offset)
    nested.push(entity)
  }
  advance(Number.MAX_SAFE_INTEGER)
  return pieces
}

/**
 * What Telegram finds in a text by itself: commands, mentions, hashtags, links, e-mail addresses and
 * phone numbers. The grammar is simpler than the server's, yet enough to see that a login outside
 * of `code` turns into a link.
 */
const foundEntities = (text: string): ReadonlyArray<Entity> => {
  // Most texts of a wizard hold none of these characters, and this runs for every message.
  if (!/[/@#.+:]/.test(text)) return []
  const taken: Array<Entity> = []
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const [, before = "", body = ""] = match
      const entity = { type, offset: match.index + before.length, length: body.length }
      const overlaps = taken.some(
        (other) =>
          entity.offset < other.offset + other.length &&
          other.offset < entity.offset + entity.length,
      )
      if (!overlaps) taken.push(entity)
    }
  }
  return taken
}

const topDomains = "com|net|org|info|ru|su|рф|me|io|dev|app|pro|biz|online|site|shop|xyz|de|uk|us"

/** In the order in which they win; the first group is what must stand before. */
const patterns: ReadonlyArray<readonly [string, RegExp]> = [
  ["url", /()((?:https?|ftp|tonsite|tg):\/\/[^\s<>"«»]+[^\s<>"«».,:;!?)\]}'])/giu],
  ["email", /(^|[^\w.+-])([\w.+-]+@(?:[a-z\d-]+\.)+[a-z]{2,})(?![\w@])/giu],
  [
    "bot_command",
    /(^|[^\p{L}\p{N}_/<>])(\/[a-z\d_]{1,64}(?:@[a-z\d_]{3,32})?)(?![\p{L}\p{N}_/])/giu,
  ],
  ["mention", /(^|[^\p{L}\p{N}_@])(@[a-z][a-z\d_]{3,31})(?![\p{L}\p{N}_@])/giu],
  ["hashtag", /(^|[^\p{L}\p{N}_#&/])(#(?=\d*[\p{L}_])[\p{L}\p{N}_]{1,256})/giu],
  [
    "url",
    new RegExp(
      `(^|[^\\p{L}\\p{N}_@.-])((?:[\\p{L}\\p{N}-]+\\.)+(?:${topDomains})(?::\\d+)?(?:/[^\\s<>"]*)?)(?![\\p{L}\\p{N}_@-])`,
      "giu",
    ),
  ],
  [
    "url",
    /(^|[^\w.])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d+)?)(?![\w.])/giu,
  ],
  ["phone_number", /(^|[^\w+])(\+\d{10,15})(?!\d)/giu],
]
