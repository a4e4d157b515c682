/**
 * /export: issuances of the books as a file, chosen with buttons or by text.
 *
 * It changes nothing: whoever asks twice gets two files. One file is made at a time, so that many
 * of them do not fill the memory. Files are sent on and kept anywhere, so no password is in them,
 * and of an item only as much as it takes to recognise it.
 */
import { Clock, type DateTime, Effect, Fiber, Option, Schema, Semaphore } from "effect"
import { exportDaysMax, exportPatience } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { foldNickname } from "../../domain/Application.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { type Day, formatDay, formatMoment } from "../../domain/Day.ts"
import { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { maskedIdentity } from "../../domain/masks.ts"
import { Pools } from "../../pool/Pools.ts"
import {
  type Cell,
  csvLine,
  issuanceFile,
  type IssuanceFile,
  separatorOf,
} from "../../stats/csv.ts"
import { lastDays } from "../../stats/Statistics.ts"
import { type Booked, Journal } from "../../store/Journal.ts"
import type { ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, html, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  findNamed,
  headed,
  listScreen,
  resourceName,
  type Scenery,
  sceneryNow,
} from "../screens/lists.ts"
import { reasonText } from "../screens/batchRules.ts"
import { cut, lines, menuBelow, notice, sentence, tap, trailOf } from "../screens/parts.ts"
import { variantName } from "../screens/wizard.ts"
import { sendFile, Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Area, Asked } from "./Admins.ts"
import { Directory, type Person, personName } from "./Directory.ts"

interface ExportRequest {
  /** `null`: all resources. */
  readonly resource: Resource | null
  /** So many days, the last of which is today; `null`: all time. */
  readonly days: number | null
  /** `null`: everybody. */
  readonly holder: TelegramId | null
}

/** What was asked for, with the dates and the name that it came to. */
interface Asking {
  readonly request: ExportRequest
  /** `undefined`: all time. */
  readonly span: { readonly first: Day; readonly last: Day } | undefined
  /** `undefined`: everybody's. */
  readonly name: string | undefined
}

/** Where an admin who asked for a file reads how it goes. */
interface Place {
  readonly chatId: number
  /** Says that it takes a while. */
  readonly making: Effect.Effect<void>
  readonly sent: Effect.Effect<void>
  /** Says why there is no file. */
  say(text: string): Effect.Effect<void>
}

export const makeExports = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const { resources } = yield* Pools
  const directory = yield* Directory
  const deliver = yield* makeDeliver
  const places = yield* makePlaces

  const commanded = Effect.fnUntraced(function* ({ userId, chatId, argument }: Asked) {
    const texts = yield* Wording
    const words = texts.exports
    if (argument === "") return yield* replies.say(chatId, resourcesScreen(resources, 0, texts))
    const understood = understand(argument, { resources, people: yield* directory.all })
    const place = places.below(chatId, texts)
    switch (understood._tag) {
      case "Unclear":
        return yield* place.say(words.unclear(cut(understood.text, 60)))
      case "TooManyDays":
        return yield* place.say(words.tooManyDays(exportDaysMax))
      case "Namesakes":
        return yield* place.say(
          words.namesakes(cut(understood.people.map(personName).join(", "), 700)),
        )
      case "Request":
        return yield* deliver(userId, understood.request, place)
    }
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Exports">) {
    yield* replies.turn(press, resourcesScreen(resources, page, yield* Wording))
  })

  /** `undefined`: the catalogue has no such resource. */
  const resourceNamed = (id: string | null) =>
    id === null ? null : resources.find((each) => each.id === id)

  const period = Effect.fnUntraced(function* (
    press: Press,
    { resource: id }: ActionOf<"ExportOf">,
  ) {
    const resource = resourceNamed(id)
    return yield* resource === undefined
      ? stale(press)
      : replies.turn(press, periodsScreen(resource, yield* Wording))
  })

  const file = Effect.fnUntraced(function* (
    press: Press,
    { resource: id, days }: ActionOf<"ExportFile">,
  ) {
    const resource = resourceNamed(id)
    if (resource === undefined) return yield* stale(press)
    yield* press.answer()
    const request = { resource, days: days === "all" ? null : Number(days), holder: null }
    yield* deliver(press.userId, request, places.onMessage(press.message, resource, yield* Wording))
  })

  const area: Area = {
    commands: { export: commanded },
    buttons: { Exports: turn, ExportOf: period, ExportFile: file },
  }
  return area
})

/** Gives the function that makes a file and sends it, saying at its place how that goes. */
const makeDeliver = Effect.gen(function* () {
  const { resources } = yield* Pools
  const journal = yield* Journal
  const telegram = yield* Telegram
  const directory = yield* Directory
  const { timezone: zone } = yield* Settings
  const oneAtATime = yield* Semaphore.make(1)

  const askingOf = Effect.fnUntraced(function* (request: ExportRequest) {
    const { days, holder } = request
    const now = yield* Clock.currentTimeMillis
    return {
      request,
      span: days === null ? undefined : lastDays(days, now, zone),
      name: holder === null ? undefined : (yield* directory.names)(holder),
    }
  })

  /** Sends the file. Gives what there is to say in place of one, `undefined` where it was sent. */
  const attempt = Effect.fnUntraced(function* (
    admin: TelegramId,
    chatId: number,
    request: ExportRequest,
  ) {
    const texts = yield* Wording
    const asking = yield* askingOf(request)
    const { resource, holder } = request
    const query = {
      ...(resource === null ? {} : { resource: resource.id }),
      ...(holder === null ? {} : { holder }),
      ...(asking.span === undefined ? {} : { from: asking.span.from, to: asking.span.to }),
    }
    const separator = separatorOf(texts.language)
    const file = yield* issuanceFile(journal, query, csvLine(exportHead(texts), separator), (row) =>
      csvLine(exportRow(row, resources, zone, texts), separator),
    )
    if (file.rows === 0) return nothingText(asking, texts)
    const document = { name: fileName(asking), bytes: file.bytes }
    const caption = exportCaption(asking, file, yield* sceneryNow(zone))
    const failure = yield* sendFile(telegram, chatId, document, caption, texts)
    yield* Effect.logInfo("issuances exported").pipe(
      Effect.annotateLogs({
        admin,
        resource: resource?.id ?? "all",
        days: request.days ?? "all",
        holder: holder ?? "all",
        rows: file.rows,
        isSent: failure === undefined,
      }),
    )
    return failure
  }, oneAtATime.withPermit)

  return Effect.fnUntraced(function* (admin: TelegramId, request: ExportRequest, place: Place) {
    const words = (yield* Wording).exports
    // Uninterruptible once it has begun, so that it cannot be drawn over what is said at the end.
    const slow = yield* Effect.uninterruptible(place.making).pipe(
      Effect.delay(exportPatience),
      Effect.forkChild,
    )
    const failure = yield* attempt(admin, place.chatId, request).pipe(
      Effect.catchTag("StorageUnavailable", () => Effect.succeed(words.unavailable)),
      Effect.ensuring(Fiber.interrupt(slow)),
    )
    yield* failure === undefined ? place.sent : place.say(failure)
  })
})

const fileName = ({ request, span }: Asking): string =>
  [
    "issuances",
    request.resource?.id ?? "all",
    ...(span === undefined ? [] : [span.first, span.last]),
  ].join("-") + ".csv"

const makePlaces = Effect.gen(function* () {
  const replies = yield* Replies
  const telegram = yield* Telegram

  /** The message whose button was pressed; its buttons stay ready for the next choice. */
  const onMessage = (message: MessageRef, resource: Resource | null, texts: Texts): Place => {
    const words = texts.exports
    const say = (text: string) => replies.turnTo(message, periodsScreen(resource, texts, text))
    return {
      chatId: message.chatId,
      making: replies.turnTo(message, sentence(words.making)),
      sent: say(words.sent),
      say,
    }
  }

  /** A new message under the command, sent only once there is something to say. */
  const below = (chatId: number, texts: Texts): Place => {
    const words = texts.exports
    let shown: MessageRef | undefined
    const show = (screen: Screen) =>
      Effect.suspend(() =>
        shown === undefined
          ? telegram.send(chatId, screen).pipe(
              Effect.map((message) => void (shown = message)),
              Effect.ignore,
            )
          : replies.turnTo(shown, screen),
      )
    const say = (text: string) => show(notice(text, texts))
    return {
      chatId,
      making: show(sentence(words.making)),
      sent: Effect.suspend(() => (shown === undefined ? Effect.void : say(words.sent))),
      say,
    }
  }

  return { onMessage, below }
})

export const resourcesScreen = (
  resources: ReadonlyArray<Resource>,
  page: number,
  texts: Texts,
): Screen => {
  const words = texts.exports
  const entries = [null, ...resources].map((resource) => ({
    buttons: [
      tap(resourceText(resource, texts), { _tag: "ExportOf", resource: resource?.id ?? null }),
    ],
  }))
  return listScreen(
    {
      heading: [bold(words.title), html`${words.chooseResource}`, html``, html`${words.hint}`],
      entries,
      page,
      perPage: buttonsOnPage,
      to: (target) => ({ _tag: "Exports", page: target }),
    },
    texts,
  )
}

/** The choice of a time. `headline`: what became of the file that was asked for here before. */
export const periodsScreen = (
  resource: Resource | null,
  texts: Texts,
  headline?: string,
): Screen => {
  const words = texts.exports
  const to = (days: keyof typeof words.periods) =>
    tap(words.periods[days], { _tag: "ExportFile", resource: resource?.id ?? null, days })
  return headed(headline, {
    html: lines(
      bold(trailOf(words.title, resourceText(resource, texts))),
      html`${words.choosePeriod}`,
    ),
    keyboard: [
      [to("1"), to("7"), to("30")],
      [to("all")],
      [tap(texts.wizard.back, { _tag: "Exports", page: 0 }), ...menuBelow(texts)],
    ],
  })
}

export const exportCaption = (
  asking: Asking,
  { rows, oldest, newest, isCut }: IssuanceFile,
  { zone, texts }: Scenery,
): Screen => {
  const words = texts.exports
  const dates =
    asking.span === undefined
      ? words.allTime(formatMoment(oldest, zone), formatMoment(newest, zone))
      : datesText(asking, texts)
  return {
    html: lines(
      bold(trailOf(words.title, resourceText(asking.request.resource, texts))),
      html`${dates}, ${whoseText(asking, texts)}`,
      html`${words.rows(rows)}`,
      isCut ? html`${words.cut(rows)}` : undefined,
      html`${words.withoutSecrets}`,
    ),
    keyboard: [],
  }
}

export const nothingText = (asking: Asking, texts: Texts): string =>
  texts.exports.nothing(
    [
      resourceText(asking.request.resource, texts),
      datesText(asking, texts),
      whoseText(asking, texts),
    ].join(" · "),
  )

const resourceText = (resource: Resource | null, texts: Texts): string =>
  resource === null ? texts.exports.allResources : resourceName(resource, texts)

const datesText = ({ span }: Asking, texts: Texts): string => {
  if (span === undefined) return texts.exports.everSince
  const [first, last] = [formatDay(span.first), formatDay(span.last)]
  return first === last ? texts.stats.today(last) : texts.stats.range(first, last)
}

const whoseText = ({ name }: Asking, { exports: words }: Texts): string =>
  name === undefined ? words.everybody : words.ofPerson(name)

/** What the text behind /export means: a resource, a time and a person, in any order. */
type Understood =
  | { readonly _tag: "Request"; readonly request: ExportRequest }
  | { readonly _tag: "Unclear"; readonly text: string }
  | { readonly _tag: "TooManyDays" }
  | { readonly _tag: "Namesakes"; readonly people: ReadonlyArray<Person> }

interface Known {
  readonly resources: ReadonlyArray<Resource>
  readonly people: ReadonlyArray<Person>
}

/** The time of a file where the admin names none. */
const usualDays = 30

/** Names of more words are not recognised; such a resource or person is named by its id. */
const runMax = 8

/** A longer text cannot be a request, and is not searched for one. */
const wordsMax = 24

/** Words that mean nothing make it unclear: a file about something else would be worse than none. */
export const understand = (argument: string, { resources, people }: Known): Understood => {
  const words = wordsOf(argument)
  if (words.length > wordsMax) return { _tag: "Unclear", text: words.join(" ") }
  const nicknames = Map.groupBy(people, ({ stage }) => foldNickname(wordsOf(stage).join(" ")))
  const named = take(words, (text) => {
    const found = findNamed(text, resources)
    return found?.rest === "" ? found.resource : undefined
  })
  const marked = take(named.rest, markedId)
  const nicknamed = take(marked.rest, (text) => {
    const isOther = daysOf(text) !== undefined || isFilling(text)
    return marked.found !== undefined || isOther ? undefined : nicknames.get(foldNickname(text))
  })
  const timed = take(nicknamed.rest, daysOf)
  const isSomebody = marked.found !== undefined || nicknamed.found !== undefined
  const bare = take(timed.rest, (text) => (isSomebody ? undefined : bareId(text)))
  const left = bare.rest.filter((word) => !isFilling(word))
  if (left.length > 0) return { _tag: "Unclear", text: left.join(" ") }
  const days = timed.found ?? { count: saysAll(bare.rest) ? null : usualDays }
  if (days.count !== null && days.count > exportDaysMax) return { _tag: "TooManyDays" }
  const [person, ...namesakes] = nicknamed.found ?? []
  if (namesakes.length > 0) return { _tag: "Namesakes", people: nicknamed.found ?? [] }
  return {
    _tag: "Request",
    request: {
      resource: named.found ?? null,
      days: days.count,
      holder: person?.id ?? marked.found ?? bare.found ?? null,
    },
  }
}

const wordsOf = (text: string): ReadonlyArray<string> =>
  text.split(/[\s,;]+/).filter((word) => word !== "")

/** The first and longest run of words that means something, and the words around it. */
const take = <A>(words: ReadonlyArray<string>, meaning: (text: string) => A | undefined) => {
  for (let count = Math.min(words.length, runMax); count > 0; count--) {
    for (let from = 0; from + count <= words.length; from++) {
      const found = meaning(words.slice(from, from + count).join(" "))
      if (found !== undefined) return { found, rest: words.toSpliced(from, count) }
    }
  }
  return { found: undefined, rest: words }
}

interface Days {
  /** `null`: all time. */
  readonly count: number | null
}

/** «7», «7 дней», «неделя», «всё время». A number of five digits or more is an id. */
const daysOf = (text: string): Days | undefined => {
  const folded = text.toLowerCase().replaceAll("ё", "е")
  const [, digits] = /^0*([1-9]\d{0,3}) ?(?:д|дн\.?|дня|дней|день|d|days?)?$/.exec(folded) ?? []
  return digits === undefined ? spelled.get(folded) : { count: Number(digits) }
}

const spelled: ReadonlyMap<string, Days> = new Map([
  ["сегодня", { count: 1 }],
  ["день", { count: 1 }],
  ["today", { count: 1 }],
  ["day", { count: 1 }],
  ["неделя", { count: 7 }],
  ["неделю", { count: 7 }],
  ["week", { count: 7 }],
  ["месяц", { count: 30 }],
  ["month", { count: 30 }],
  ["год", { count: 365 }],
  ["year", { count: 365 }],
  ["все время", { count: null }],
  ["all time", { count: null }],
])

const decodeId = Schema.decodeOption(TelegramId)

const idOf = (digits: string | undefined): TelegramId | undefined =>
  digits === undefined ? undefined : Option.getOrUndefined(decodeId(Number(digits)))

const markedId = (text: string) => idOf(/^(?:id|ид|номер|#) ?:? ?([1-9]\d{0,15})$/i.exec(text)?.[1])

/** An id without a word before it; shorter numbers are days. */
const bareId = (text: string) => idOf(/^[1-9]\d{4,15}$/.exec(text)?.[0])

const filling = new Set(["за", "последние", "for", "last", "все", "all", "ресурсы", "resources"])

/** Words that people put between the others and that mean nothing by themselves. */
const isFilling = (word: string) => filling.has(fold(word))

/** «/export все» means all time too. */
const saysAll = (words: ReadonlyArray<string>) =>
  words.some((word) => fold(word) === "все" || fold(word) === "all")

const fold = (word: string) => word.toLowerCase().replaceAll("ё", "е")

/** Rows from before the bot hold texts of any length that people typed. */
const cellMax = 200

const exportHead = ({ exports: { columns } }: Texts): ReadonlyArray<Cell> => [
  columns.issuedAt,
  columns.resource,
  columns.variant,
  columns.region,
  columns.stage,
  columns.telegramId,
  columns.status,
  columns.markedAt,
  columns.auto,
  columns.item,
  columns.day,
  columns.id,
  columns.replacementOf,
  columns.imported,
  columns.comment,
]

/** One issuance as a row of the file. */
const exportRow = (
  row: Booked,
  resources: ReadonlyArray<Resource>,
  zone: DateTime.TimeZone,
  texts: Texts,
): ReadonlyArray<Cell> => {
  const resource = resources.find(({ id }) => id === row.resource)
  const { yes } = texts.exports
  return [
    formatMoment(row.issuedAt, zone),
    resource === undefined ? row.resource : texts.label(resource.label),
    variantText(row.variant, resource, texts),
    row.region,
    row.stage,
    row.holder,
    statusText(row.status, resource, texts),
    row.markedAt === null ? null : formatMoment(row.markedAt, zone),
    row.auto ? yes : null,
    maskedIdentity(row.key, resource),
    row.day === null ? null : formatDay(row.day),
    row.id,
    row.replacementOf,
    row.imported ? yes : null,
    commentText(row, resource, texts),
  ].map((cell) => (typeof cell === "string" ? cut(cell, cellMax) : cell))
}

const variantText = (variant: string | null, resource: Resource | undefined, texts: Texts) =>
  variant === null || resource?.variants.every(({ id }) => id !== variant) !== false
    ? variant
    : variantName(resource, variant, texts)

/** A reason that the status offers stands in the language of the file. */
const commentText = ({ status, comment }: Booked, resource: Resource | undefined, texts: Texts) => {
  if (comment === undefined) return null
  const known = resource === undefined || status === null ? undefined : findStatus(resource, status)
  return reasonText(known, comment, texts)
}

const statusText = (status: string | null, resource: Resource | undefined, texts: Texts) => {
  if (status === null) return texts.exports.pending
  const known = resource === undefined ? undefined : findStatus(resource, status)
  if (known !== undefined) return texts.label(known.label)
  return status === "withheld" ? texts.exports.withheld : status
}
