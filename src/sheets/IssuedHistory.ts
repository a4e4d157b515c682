/**
 * Reads the rows that stood in the issued tabs before the bot, as the books keep them: one read for
 * all tabs.
 *
 * People wrote these rows: dates as text, statuses in words of their own, no ids. A row without a
 * date or without the item says nothing to statistics and is only counted.
 */
import { foldName, identityKey, type PhoneCountry } from "../domain/identity.ts"
import { Clock, Context, DateTime, Effect, Layer, Option, Result, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { dayColumns, type Holds, type Resource, type Status } from "../domain/Catalogue.ts"
import { Day, dayOfSerial, parseDay, serialOfDay } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { wordsRead } from "../domain/sheetWords.ts"
import type { Booked } from "../store/Journal.ts"
import { dayOfPlain, variantByMail } from "./BaseRow.ts"
import { isFilled, plainText } from "./filledTabs.ts"
import { issuedColumns, type IssuedColumns, wholeTab } from "./Headers.ts"
import { type Plain, SheetsClient } from "./SheetsClient.ts"
import type { SheetsFailure } from "./SheetsError.ts"
import { ifUsable, retriedIfRefused, Tabs } from "./Tabs.ts"

/** What was read of one tab. */
interface PastRows {
  /**
   * The rows by the bot's own id where they have one, otherwise by an id made of their content, so
   * that a row has the same id in every read, wherever people move it.
   */
  readonly rows: ReadonlyArray<Booked>
  /** How many rows have no readable date or no item. */
  readonly unreadable: number
  /** How many rows are taken although it is unknown what their status means. */
  readonly unknownStatuses: number
}

/** What was read of the tab of one resource. */
export interface History extends PastRows {
  readonly resource: Resource
}

export class IssuedHistory extends Context.Service<
  IssuedHistory,
  {
    /** Leaves out resources whose tab cannot be used now; the admins have been told by then. */
    read(resources: ReadonlyArray<Resource>): Effect.Effect<ReadonlyArray<History>, SheetsFailure>
  }
>()("account-bot/sheets/IssuedHistory") {
  static readonly layer = Layer.effect(
    IssuedHistory,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, timezone: zone, phoneCountry } = yield* Settings
      const client = yield* SheetsClient
      const tabs = yield* Tabs

      const usable = (resource: Resource) =>
        Effect.map(
          ifUsable(tabs.issued(resource)),
          Option.map((layout) => ({ resource, layout })),
        )

      const look = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
        const known = (yield* Effect.forEach(resources, usable)).flatMap(Option.toArray)
        if (known.length === 0) return []
        const ranges = known.map(({ layout: { title, columnCount } }) =>
          wholeTab(title, columnCount),
        )
        const looks = yield* client.values(spreadsheet, ranges, "background")
        const now = yield* Clock.currentTimeMillis
        const found: Array<History> = []
        for (const [at, { resource }] of known.entries()) {
          const [top = [], ...rows] = looks[at] ?? []
          // The columns may have moved since the header was read: the one among the rows counts.
          const columns = issuedColumns(resource, top.map(String))
          if (Result.isFailure(columns)) {
            yield* tabs.forget(spreadsheet)
            continue
          }
          found.push({
            resource,
            ...readPastRows(resource, columns.success, rows, { zone, now, phoneCountry }),
          })
        }
        return found
      })

      const read = Effect.fn("IssuedHistory.read")((resources: ReadonlyArray<Resource>) =>
        retriedIfRefused(tabs, spreadsheet, look(resources)),
      )

      return IssuedHistory.of({ read })
    }),
  )
}

interface Surroundings {
  readonly phoneCountry: PhoneCountry
  readonly zone: DateTime.TimeZone
  /** Nothing was issued later than now. */
  readonly now: number
}

export const readPastRows = (
  resource: Resource,
  columns: IssuedColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  around: Surroundings,
): PastRows => {
  const known = [...columns.byHolds.values()]
  const seen = new Map<string, number>()
  const read: Array<Booked> = []
  let unreadable = 0
  let unknownStatuses = 0
  for (const row of rows) {
    if (!known.some((index) => isFilled(row[index]))) continue
    const cell = (holds: Holds): Plain => row[columns.byHolds.get(holds) ?? -1] ?? ""
    const past = readPastRow(resource, cell, around)
    if (past === undefined) {
      unreadable += 1
      continue
    }
    if (past.status === null && isFilled(cell("status"))) unknownStatuses += 1
    // The id is made of what people do not change later.
    const content = [resource.id, past.key, past.issuedAt].join("\n")
    const count = seen.get(content) ?? 0
    seen.set(content, count + 1)
    const issuance = decodeIssuance(plainText(cell("issuanceId")))
    // Whatever became of it, it is settled: nothing of the past waits for a mark.
    const status = past.status ?? unknownStatus
    const id = Option.getOrElse(issuance, () => idOf(`${content}\n${count}`))
    read.push({ id, ...past, status })
  }
  return { rows: read, unreadable, unknownStatuses }
}

const unknownStatus = "unknown"

const readPastRow = (
  resource: Resource,
  cell: (holds: Holds) => Plain,
  { zone, now, phoneCountry }: Surroundings,
): Omit<Booked, "id"> | undefined => {
  const text = (holds: Holds) => plainText(cell(holds))
  const key = identityKey(resource, text(`field:${resource.identity}`), phoneCountry)
  const issuedAt = momentOf(cell("issuedAt"), zone)
  // A row with a wrong year in the future would stay on top of every list.
  if (key === "" || issuedAt === undefined || issuedAt > now + slack) return undefined
  const status = text("status")
  const { marked, auto } = partAuto(resource, text("markedAt"))
  return {
    resource: resource.id,
    variant: variantOf(resource, text("variant"), key),
    region: text("region"),
    holder: Option.getOrNull(decodeHolder(Number(text("telegramId") || Number.NaN))),
    stage: text("stage"),
    key,
    day: dayOf(resource, cell),
    issuedAt,
    status: meant(resource.statuses, status, shortestWord) ?? null,
    auto,
    markedAt:
      momentOf(typeof cell("markedAt") === "number" ? cell("markedAt") : marked, zone) ?? null,
    replacementOf: null,
    imported: true,
  }
}

/** When the mark was made, and whether a word there says that the timer made it. */
const partAuto = (resource: Resource, text: string) => {
  const said = text.toLowerCase()
  const words = wordsRead(resource, "auto").map((word) => word.toLowerCase())
  const word = words.find((each) => said.includes(each))
  return word === undefined
    ? { marked: text, auto: false }
    : { marked: said.replace(word, "").replaceAll(/[()]/g, "").trim(), auto: true }
}

const decodeIssuance = Schema.decodeUnknownOption(IssuanceId)
const decodeHolder = Schema.decodeUnknownOption(TelegramId)

/** How far a row may lie in the future: who typed it may live in another time zone. */
const slack = 86_400_000

/**
 * The moment when a clock in `zone` shows it: a serial number, `dd.mm.yyyy` or `dd.mm.yyyy hh:mm`.
 */
const momentOf = (cell: Plain, zone: DateTime.TimeZone): number | undefined => {
  const serial = typeof cell === "number" ? cell : serialOfText(plainText(cell))
  if (serial === undefined || dayOfSerial(serial) === undefined) return undefined
  const shown = Math.round((serial - serialOfDay(epoch)) * secondsPerDay) * 1000
  const moment = DateTime.makeZoned(shown, { timeZone: zone, adjustForTimeZone: true })
  return Option.getOrUndefined(Option.map(moment, DateTime.toEpochMillis))
}

const epoch = Day.make("1970-01-01")
const secondsPerDay = 86_400

const serialOfText = (text: string): number | undefined => {
  const [, date = "", hour = "0", minute = "0", second = "0"] =
    /^([\d.]+)(?:[\s,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text) ?? []
  const day = parseDay(date)
  const time = [Number(hour), Number(minute), Number(second)] as const
  if (day === undefined || time[0] > 23 || time[1] > 59 || time[2] > 59) return undefined
  return serialOfDay(day) + (time[0] * 3600 + time[1] * 60 + time[2]) / secondsPerDay
}

const dayOf = (resource: Resource, cell: (holds: Holds) => Plain): Day | null => {
  for (const { key } of dayColumns(resource)) {
    const day = dayOfPlain(cell(`field:${key}`))
    if (day !== undefined) return day
  }
  return null
}

const variantOf = (resource: Resource, text: string, key: string): string | null =>
  meant(resource.variants, text, 1) ?? variantByMail(resource, key)

/**
 * The id of the option that a person meant: by the id, a label, a spelling that the catalogue
 * lists, or where either the text or a name begins with the other («Муж» for «М», «Хорош» for
 * «Хороший»). `undefined` where none fits or two do.
 */
const meant = (
  options: ReadonlyArray<Pick<Status, "id" | "label" | "spellings">>,
  text: string,
  shortest: number,
): string | undefined => {
  const said = foldName(text)
  if (said === "") return undefined
  const words = options.map(({ id, label, spellings = [] }) => ({
    id,
    names: [id, ...[label.ru, label.en, ...spellings].map(foldName)],
  }))
  const exact = words.find(({ names }) => names.includes(said))
  if (exact !== undefined) return exact.id
  const begins = words.filter(({ names }) =>
    names.some(
      (name) =>
        Math.min(name.length, said.length) >= shortest &&
        (name.startsWith(said) || said.startsWith(name)),
    ),
  )
  return begins.length === 1 ? begins[0]?.id : undefined
}

/** How many letters of a status must be there: fewer could be the beginning of anything. */
const shortestWord = 3

/** A hash (FNV-1a in 64 bits), since ids stand in logs and buttons and the content is secret. */
const idOf = (content: string): string => {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(content)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return `old-${hash.toString(16).padStart(16, "0")}`
}
