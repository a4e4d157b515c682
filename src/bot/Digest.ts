/**
 * The morning digest, which every admin gets once a day.
 *
 * The day is noted on the disk before its digest is sent, so that nobody ever gets two. The price
 * is that a crash in between costs the admins that day's digest. For the same reason a message that
 * Telegram refused is not sent again; /stock and /stats tell the same at any time. To an admin who
 * has not pressed /start yet nothing is sent, and the newest digest comes when he does.
 */
import { Clock, DateTime, Duration, Effect, Layer, Option, Ref, Schema } from "effect"
import { adminStage } from "../access/Access.ts"
import { digestLateMax, digestPatience, digestPeriod } from "../config/Limits.ts"
import { Settings, type WallTime } from "../config/Settings.ts"
import { Day, dayOf, formatDay } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { every } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { BaseStock } from "../pool/BaseStock.ts"
import { type Delivery, Morning, type MorningReport, type Taker } from "../stats/Morning.ts"
import { leftOf } from "../stats/Outlook.ts"
import { Journal } from "../store/Journal.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
import { lastingOf } from "./admin/outlookText.ts"
import { bold, type Html, html, type Screen } from "./Screen.ts"
import { resourceName } from "./screens/lists.ts"
import { cut, lines } from "./screens/parts.ts"
import type { Texts } from "./texts/Texts.ts"

/**
 * Sends the digest if it is due and was not sent yet, and answers for whom it waits. Without all of
 * its figures it fails.
 */
export const once = Effect.gen(function* () {
  const { digestTime, timezone } = yield* Settings
  const journal = yield* Journal
  const morning = yield* Morning
  const now = yield* Clock.currentTimeMillis
  if (Option.isNone(digestTime) || !isDue(now, digestTime.value, timezone)) return undefined
  const today = dayOf(now, timezone)
  const sent = (yield* journal.documents(kind)).flatMap(({ body }) => Option.toArray(decode(body)))
  // A later day is in the note if the clock was set back since, and that is no new morning.
  if (sent.some(({ day }) => day >= today)) return undefined
  const report = yield* morning.report
  yield* journal.write([{ _tag: "DocumentPut", kind, key, body: { day: today } }])
  const { tell: tellAdmins, leftInPeace } = yield* TellAdmins
  const waiting: Waiting = { report, admins: yield* leftInPeace }
  yield* tellAdmins((texts) => digestScreen(report, texts))
  return waiting
}).pipe(Effect.withSpan("Digest.once"))

/** A digest, and the admins who will get it when they press /start. */
interface Waiting {
  readonly report: MorningReport
  readonly admins: ReadonlyArray<TelegramId>
}

/** Sends a digest to those who may be written to by now; answers for whom it still waits. */
const sendLate = Effect.fnUntraced(function* ({ report, admins }: Waiting) {
  const { tell: tellAdmins, leftInPeace } = yield* TellAdmins
  const still = yield* leftInPeace
  const back = admins.filter((admin) => !still.includes(admin))
  if (back.length > 0) yield* tellAdmins((texts) => digestScreen(report, texts), back)
  return { report, admins: admins.filter((admin) => still.includes(admin)) }
})

/**
 * The loop of the digest. It begins when the updates that had piled up in Telegram are handled,
 * because they belong to yesterday, and when the rows left in the sheet are counted.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const caughtUp = yield* CaughtUp
    const baseStock = yield* BaseStock
    const newest = yield* Ref.make<Waiting | undefined>(undefined)
    const round = Effect.gen(function* () {
      const waiting = (yield* once) ?? (yield* Ref.get(newest))
      if (waiting !== undefined) yield* Ref.set(newest, yield* sendLate(waiting))
    })
    const tried = Effect.catchTag(round, "StorageUnavailable", ({ message }) =>
      Effect.logWarning("the digest waits", message),
    )
    yield* caughtUp.wait.pipe(
      Effect.andThen(Effect.timeoutOption(baseStock.known, digestPatience)),
      Effect.andThen(every("digest", digestPeriod)(tried)),
      Effect.forkScoped,
    )
  }),
)

/**
 * Whether it is time for the digest: from the set time until noon, or for three hours where those
 * end later. After that its news is old, and there is none until the next day.
 */
export const isDue = (now: number, time: WallTime, zone: DateTime.TimeZone): boolean => {
  const today = dayOf(now, zone)
  const from = momentOf(today, time, zone)
  const until = Math.max(momentOf(today, "12:00", zone), from + Duration.toMillis(digestLateMax))
  return now >= from && now < until
}

/** The moment of a time on a day. A time that the clocks skip in spring moves on by the same hour. */
const momentOf = (day: Day, time: WallTime, timeZone: DateTime.TimeZone): number =>
  DateTime.makeZonedUnsafe(`${day}T${time}:00`, { timeZone, adjustForTimeZone: true })
    .epochMilliseconds

/** Kind and key of the one document that says which day had its digest. */
const kind = "digest"
const key = "sent"

const decode = Schema.decodeUnknownOption(Schema.Struct({ day: Day }))

/** Yesterday, what is left, and the quality of the deliveries. No item is named in it. */
export const digestScreen = (report: MorningReport, texts: Texts): Screen => {
  const words = texts.outlook.digest
  const { deliveries } = report
  const suspects = deliveries.some(({ isSuspect }) => isSuspect)
  const taken = report.taken.map((taking) => takenText(taking, texts))
  return {
    html: lines(
      bold(words.title(formatDay(report.day))),
      ...(taken.length === 0 ? [html`${words.nothingTaken}`] : part(words.taken, taken, texts)),
      takersText(report.takers, texts),
      ...part(
        words.left,
        report.left.map((left) => leftText(left, texts)),
        texts,
      ),
      ...part(
        words.deliveries,
        deliveries.map((delivery) => deliveryText(delivery, texts)),
        texts,
      ),
      suspects ? html`${words.suspects}` : undefined,
    ),
    keyboard: [],
  }
}

/** Draws as many lines as fit and counts the rest. A part without lines is left out. */
const part = (
  heading: string,
  all: ReadonlyArray<string>,
  { outlook }: Texts,
): ReadonlyArray<Html> => {
  if (all.length === 0) return []
  const short = all.map((line) => `• ${cut(line, lineMax)}`)
  let room = partMax
  const shown = short.filter((line) => (room -= line.length + 1) >= 0)
  const rest = all.length - shown.length
  const more = rest === 0 ? [] : [html`${outlook.digest.more(rest)}`]
  return [html``, bold(heading), ...shown.map((line) => html`${line}`), ...more]
}

const takenText = ({ resource, counts }: MorningReport["taken"][number], texts: Texts): string => {
  const words = texts.outlook.digest
  const statuses = resource.statuses.flatMap(({ id, sign, label }) => {
    const count = counts.statuses.get(id)?.all ?? 0
    return count === 0 ? [] : [`${sign} ${texts.label(label)} ${count}`]
  })
  const others = [
    [words.other, counts.other.all],
    [words.pending, counts.pending],
  ] as const
  const parts = [
    ...statuses,
    ...others.flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${count}`])),
    ...(counts.issued.auto === 0 ? [] : [words.byTimer(counts.issued.auto)]),
  ]
  return words.taking(resourceName(resource, texts), counts.issued.all, parts.join(", "))
}

const takersText = (takers: ReadonlyArray<Taker>, texts: Texts): Html | undefined => {
  const names = takers.map(({ holder, stage, count }) => {
    // A row from before admins had names.
    const isNameless = stage === adminStage && holder !== null
    return `${isNameless ? `ID ${holder}` : cut(stage, stageMax)} (${count})`
  })
  return names.length === 0 ? undefined : html`${texts.outlook.digest.most(names.join(", "))}`
}

const leftText = ({ resource, forecast }: MorningReport["left"][number], texts: Texts): string => {
  const words = texts.outlook.digest
  const name = resourceName(resource, texts)
  const left = leftOf(forecast)
  const lasts = lastingOf(forecast, forecast.onlyDay !== null, texts.outlook.variantLasts)
  const line =
    left === null
      ? words.stockOnly(name, forecast.available)
      : lasts === undefined
        ? (forecast.onlyDay === null ? words.remaining : words.remainingToday)(name, left)
        : words.lasting(name, left, lasts)
  return forecast.isPaused ? words.paused(line) : line
}

const deliveryText = (
  { resource, day, bad, marked, isSuspect }: Delivery,
  texts: Texts,
): string => {
  const words = texts.outlook.digest
  const place = `${resourceName(resource, texts)}, ${day === null ? words.noDay : formatDay(day)}`
  return `${isSuspect ? "⚠️ " : ""}${words.delivery(place, bad, marked)}`
}

/** The longest of the three lists: together with their headings they fit one message. */
const partMax = 1_100
/** Labels of a catalogue may be of any length. */
const lineMax = 300
/** A file that was filled in by hand may hold a name of any length. */
const stageMax = 32
