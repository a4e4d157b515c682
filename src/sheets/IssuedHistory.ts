/** What stood in the issued tabs before the bot: one read for all tabs. */
import { Clock, Context, DateTime, Effect, Layer, Option, Result, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { dayColumns, type Holds, type Resource, type Status } from "../domain/Catalogue.ts"
import { Day, dayOfSerial, parseDay, serialOfDay } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import type { Booked, StorageUnavailable } from "../store/Journal.ts"
import { dayOfPlain, keyOf } from "./BaseRow.ts"
import { isFilled, plainText } from "./filledTabs.ts"
import { area, fold, issuedColumns, type IssuedColumns } from "./Headers.ts"
import { type Plain, SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"

/** The rows of one issued tab. */
export interface History extends PastRows {
  readonly resource: Resource
}

type Failure = SheetsError | StorageUnavailable

export class IssuedHistory extends Context.Service<
  IssuedHistory,
  {
    /** Leaves out resources whose tab cannot be used now; the admins are told by then. */
    read(resources: ReadonlyArray<Resource>): Effect.Effect<ReadonlyArray<History>, Failure>
  }
>()("account-bot/sheets/IssuedHistory") {
  static readonly layer = Layer.effect(
    IssuedHistory,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, timezone: zone } = yield* Settings
      const client = yield* SheetsClient
      const tabs = yield* Tabs

      const usable = (resource: Resource) =>
        tabs.issued(resource).pipe(
          Effect.map((layout) => Option.some({ resource, layout })),
          Effect.catchTag("TabUnusable", () => Effect.succeedNone),
        )

      const look = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
        const known = (yield* Effect.forEach(resources, usable)).flatMap(Option.toArray)
        if (known.length === 0) return []
        const ranges = known.map(({ layout: { title, columnCount } }) =>
          area(title, { row: 0, column: 0 }, { column: columnCount - 1 }),
        )
        const looks = yield* client.values(spreadsheet, ranges, "background")
        const now = yield* Clock.currentTimeMillis
        const found: Array<History> = []
        for (const [at, { resource }] of known.entries()) {
          const [top = [], ...rows] = looks[at] ?? []
          // The header that came with the rows: the one read before may have been moved since.
          const columns = issuedColumns(resource, top.map(String))
          if (Result.isFailure(columns)) {
            yield* tabs.forget(spreadsheet)
            continue
          }
          found.push({ resource, ...readPastRows(resource, columns.success, rows, { zone, now }) })
        }
        return found
      })

      const read = Effect.fn("IssuedHistory.read")((resources: ReadonlyArray<Resource>) =>
        Effect.catchIf(look(resources), isRefused, () =>
          // One tab that is gone by now has the whole read refused.
          Effect.andThen(tabs.forget(spreadsheet), look(resources)),
        ),
      )

      return IssuedHistory.of({ read })
    }),
  )
}

const isRefused = (error: Failure) =>
  error._tag === "SheetsError" && error.reason._tag === "Refused"

/*
 * Rows of an issued tab that stood there before the bot, as the books keep them. Pure.
 *
 * People wrote them: dates as text, statuses in words of their own, no ids. A row without a
 * date or without the item says nothing to statistics and is only counted.
 */

export interface PastRows {
  /**
   * Under the bot's own id where the row has one, otherwise under one made of its content: the
   * same row has the same id in every read, wherever it was moved to meanwhile.
   */
  readonly rows: ReadonlyArray<Booked>
  /** Rows without a readable date or without the item. */
  readonly unreadable: number
  /** Rows that are taken although nobody knows what their status means. */
  readonly unknownStatuses: number
}

export interface Calendar {
  readonly zone: DateTime.TimeZone
  /** Nothing was issued later than that. */
  readonly now: number
}

export const readPastRows = (
  resource: Resource,
  columns: IssuedColumns,
  rows: ReadonlyArray<ReadonlyArray<Plain>>,
  calendar: Calendar,
): PastRows => {
  const known = [...columns.byHolds.values()]
  const seen = new Map<string, number>()
  const read: Array<Booked> = []
  let unreadable = 0
  let unknownStatuses = 0
  for (const row of rows) {
    if (!known.some((index) => isFilled(row[index]))) continue
    const cell = (holds: Holds): Plain => row[columns.byHolds.get(holds) ?? -1] ?? ""
    const past = readPastRow(resource, cell, calendar)
    if (past === undefined) {
      unreadable += 1
      continue
    }
    if (past.status === null && isFilled(cell("status"))) unknownStatuses += 1
    // Nothing that people change later.
    const content = [resource.id, past.key, past.issuedAt].join("\n")
    const count = seen.get(content) ?? 0
    seen.set(content, count + 1)
    const issuance = decodeIssuance(plainText(cell("issuanceId")))
    // Over long ago, whatever became of it: nothing of the past waits for a mark.
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
  { zone, now }: Calendar,
): Omit<Booked, "id"> | undefined => {
  const text = (holds: Holds) => plainText(cell(holds))
  const identity = resource.columns.find(({ key }) => key === resource.identity)
  const key = keyOf(identity?.kind ?? "text", text(`field:${resource.identity}`))
  const issuedAt = momentOf(cell("issuedAt"), zone)
  // A slip of the pen in the year would stay on top of every list.
  if (key === "" || issuedAt === undefined || issuedAt > now + slack) return undefined
  const status = text("status")
  const marked = text("markedAt").replace(isAuto, "")
  return {
    resource: resource.id,
    variant: variantOf(resource, text("variant"), key),
    region: text("region"),
    holder: Option.getOrNull(decodeHolder(Number(text("telegramId") || Number.NaN))),
    stage: text("stage"),
    key,
    day: dayOf(resource, cell),
    issuedAt,
    status: named(resource.statuses, status, shortestWord) ?? null,
    auto: isAuto.test(text("markedAt")),
    markedAt:
      momentOf(typeof cell("markedAt") === "number" ? cell("markedAt") : marked, zone) ?? null,
    replacementOf: null,
    imported: true,
  }
}

/** FNV-1a in 64 bits: ids travel in logs and buttons, and the content is a secret. */
const idOf = (content: string): string => {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(content)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return `old-${hash.toString(16).padStart(16, "0")}`
}

/** The clock of whoever typed it may be in another time zone. */
const slack = 86_400_000

const isAuto = /\(?авто\)?/iu

const decodeIssuance = Schema.decodeUnknownOption(IssuanceId)
const decodeHolder = Schema.decodeUnknownOption(TelegramId)

/** A serial number, `dd.mm.yyyy` or `dd.mm.yyyy hh:mm`, as a clock on a wall in `zone` shows it. */
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
  named(resource.variants, text, 1) ??
  resource.variants.find(
    ({ mailDomain }) => mailDomain !== undefined && key.endsWith(`@${mailDomain.toLowerCase()}`),
  )?.id ??
  null

/** Shorter beginnings of a status could be the beginning of anything. */
const shortestWord = 3

/**
 * The one that a person meant: by its id, its label, a spelling that the catalogue lists, or by
 * the beginning that the text and one of these share («Муж» for «М», «Хорош» for «Хороший»). `undefined` where two fit.
 */
const named = (
  options: ReadonlyArray<Pick<Status, "id" | "label" | "spellings">>,
  text: string,
  shortest: number,
): string | undefined => {
  const said = fold(text)
  if (said === "") return undefined
  const words = options.map(({ id, label, spellings = [] }) => ({
    id,
    names: [id, ...[label.ru, label.en, ...spellings].map(fold)],
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
