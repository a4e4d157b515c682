/**
 * Notices go to admins unasked: about alarms that began or ended, and what a start came back with.
 * Alarms that stop nothing but a tab stand in the list of `TodoNotices` instead.
 */
import { type DateTime, Duration, Effect, Layer, Option, PubSub, Schema, Semaphore } from "effect"
import { Access } from "../access/Access.ts"
import { comebackPatience } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { formatMoment } from "../domain/Day.ts"
import {
  type Alarm,
  type AlarmChange,
  Alarms,
  isPast,
  alarmKey,
  tellsTheSame,
} from "../observe/Alarms.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { Comeback, type Left } from "../pool/Comeback.ts"
import { type Checked, Conservation, sumOf } from "../pool/Conservation.ts"
import { Pools, type Recovered } from "../pool/Pools.ts"
import { caughtUpKind, ForgetReport, forgottenKind, Journal } from "../store/Journal.ts"
import { CaughtUpReport } from "../store/OlderCopy.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
import { isTodo } from "./admin/todo.ts"
import { bold, html, type Screen } from "./Screen.ts"
import { cut, lines, messageMax, sentence } from "./screens/parts.ts"
import type { Texts } from "./texts/Texts.ts"

/** Each kind of notice has a fiber of its own, so that a slow one delays no other. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    const alarms = yield* Alarms
    const { tell: tellAdmins } = yield* TellAdmins
    const comeback = yield* Comeback
    const conservation = yield* Conservation
    const journal = yield* Journal
    const access = yield* Access
    const { timezone: zone } = yield* Settings

    const changes = yield* PubSub.subscribe(alarms.changes)

    /** The alarms that some admin was told of, and whose end nobody was told of yet. */
    const told = new Map<string, Alarm>()
    const oneAlarmAtATime = yield* Semaphore.make(1)

    const isNews = ({ alarm, raised }: AlarmChange) => {
      const before = told.get(alarmKey(alarm))
      return raised ? before === undefined || !tellsTheSame(before, alarm) : before !== undefined
    }

    const report = Effect.fnUntraced(function* (
      { alarm, raised }: AlarmChange,
      note: (texts: Texts) => Screen,
    ) {
      const arrived = yield* tellAdmins(note)
      if (arrived.length === 0) return
      if (raised) told.set(alarmKey(alarm), alarm)
      else told.delete(alarmKey(alarm))
      if (raised && isPast(alarm)) yield* alarms.clear(alarm)
    })

    /**
     * Tells the admins of the changes that they have not heard of: a change may be reported to this
     * function more than once.
     */
    const reportChanges = Effect.fnUntraced(function* (all: ReadonlyArray<AlarmChange>) {
      for (const { alarm } of all.filter(isOldNews)) told.delete(alarmKey(alarm))
      for (const change of all) {
        if (isTodo(change.alarm) || !isNews(change)) continue
        yield* report(change, (texts) => alarmNote(change, texts))
      }
    }, oneAlarmAtATime.withPermit)

    /** Catches up on alarms whose begin or end reached no admin when it happened. */
    const reportAlarms = Effect.gen(function* () {
      const standing = yield* alarms.raised
      const names = new Set(standing.map(alarmKey))
      const over = [...told].flatMap(([name, alarm]) => (names.has(name) ? [] : [alarm]))
      yield* reportChanges([
        ...over.map((alarm) => ({ alarm, raised: false })),
        ...standing.map((alarm) => ({ alarm, raised: true })),
      ])
    })

    /**
     * Tells what a start came back with. The check and the open writes are waited for, but not for
     * long, because admins look for this note right after a start.
     */
    const tellComeback = Effect.gen(function* () {
      if (Option.isNone(comeback.left)) return
      const left = comeback.left.value
      const [checked, settled] = yield* Effect.all(
        [
          Effect.timeoutOption(conservation.first, comebackPatience),
          left.openWrites === 0
            ? Effect.succeedNone
            : Effect.timeoutOption(comeback.settled, comebackPatience),
        ],
        { concurrency: 2 },
      )
      const view = {
        recovered: pools.recovered,
        left,
        isSettled: Option.isSome(settled),
        checked: Option.getOrUndefined(checked),
      }
      yield* tellAdmins((texts) => comebackNote(view, zone, texts))
    })

    /** A note that reached no admin is sent again: one may press /start at any time. */
    const tellCaughtUp = Effect.gen(function* () {
      for (const { key, body } of yield* journal.documents(caughtUpKind)) {
        const found = decodeReport(body)
        if (Option.isSome(found)) {
          const sent = yield* tellAdmins((texts) => caughtUpNote(found.value, zone, texts))
          if (sent.length === 0) continue
        }
        yield* journal.write([{ _tag: "DocumentRemoved", kind: caughtUpKind, key }])
      }
    })

    const tellForgotten = Effect.gen(function* () {
      for (const { key, body } of yield* journal.documents(forgottenKind)) {
        const found = decodeForgotten(body)
        if (Option.isSome(found)) {
          const { by } = found.value
          const admin = by === null ? undefined : yield* access.nameOfAdmin(by)
          const sent = yield* tellAdmins((texts) => forgottenNote(found.value, admin, texts))
          if (sent.length === 0) continue
        }
        yield* journal.write([{ _tag: "DocumentRemoved", kind: forgottenKind, key }])
      }
    })

    yield* Effect.forkScoped(survive("note after a start")(tellComeback))
    yield* every("notes about an older copy", retellPeriod)(tellCaughtUp)
    yield* every("notes about people who were forgotten", retellPeriod)(tellForgotten)
    yield* every("alarm reports", retellPeriod)(reportAlarms)
    yield* PubSub.take(changes).pipe(
      Effect.flatMap((change) => reportChanges([change])),
      supervise("alarm changes"),
    )
  }),
)

/** The end of an alarm that cannot come right again: its begin was told, and that is enough. */
const isOldNews = ({ alarm, raised }: AlarmChange) => !raised && isPast(alarm)

/** How often a note that reached no admin is tried again: one may press /start at any time. */
const retellPeriod = Duration.minutes(1)

export const alarmNote = ({ alarm, raised }: AlarmChange, { admin }: Texts): Screen =>
  // Names of a catalogue may be of any length.
  sentence(cut(raised ? admin.alarm(alarm) : admin.cleared(alarm), messageMax))

export interface ComebackView {
  readonly recovered: ReadonlyArray<Recovered>
  readonly left: Left
  /** The writes that were open at the start are settled. */
  readonly isSettled: boolean
  /** `undefined` while the check goes on; none where it could not be made. */
  readonly checked: Option.Option<Checked> | undefined
}

/** The note after a start: what came back, and whether the books show that nothing is lost. */
export const comebackNote = (
  { recovered, left, isSettled, checked }: ComebackView,
  zone: DateTime.TimeZone,
  { checks: { comeback: words } }: Texts,
): Screen => {
  const sum = (what: "available" | "pending" | "unsure" | "buffer") =>
    recovered.reduce((total, each) => total + each[what], 0)
  const found = [
    counted(sum("available"), words.available),
    counted(sum("pending"), words.pending),
    counted(sum("unsure"), words.unsure),
    counted(sum("buffer"), words.buffer),
    counted(left.openWrites, isSettled ? words.finished : words.unfinished),
  ].flat()
  return {
    html: lines(
      bold(words.title),
      ...(found.length === 0 ? [words.nothing] : found).map((line) => html`• ${line}`),
      html`${words.lastEvent(formatMoment(left.lastEventAt, zone))}`,
      html`${booksLine(checked, words)}`,
    ),
    keyboard: [],
  }
}

const decodeReport = Schema.decodeUnknownOption(CaughtUpReport)

/** The note after a start on an older copy: what was taken over, and what people must look at. */
export const caughtUpNote = (
  { madeAt, adopted, elsewhere, taken, inDoubt }: CaughtUpReport,
  zone: DateTime.TimeZone,
  { checks: { caughtUp: words } }: Texts,
): Screen => ({
  html: lines(
    bold(words.title),
    ...[
      ...(madeAt > 0 ? [words.madeAt(formatMoment(madeAt, zone))] : []),
      ...counted(adopted, words.adopted),
      ...counted(elsewhere, words.elsewhere),
      ...counted(taken, words.taken),
      ...(inDoubt > 0 ? [words.inDoubt(inDoubt)] : [words.allKnown]),
    ].map((line) => html`• ${line}`),
  ),
  keyboard: [],
})

const decodeForgotten = Schema.decodeUnknownOption(ForgetReport)

/** The note that the data of a person were erased; `admin`: whose decision it was. */
const forgottenNote = (
  { issuances, copies, left }: ForgetReport,
  admin: string | undefined,
  { forgetting: words }: Texts,
): Screen => ({
  html: lines(
    html`${words.done(issuances, copies)}`,
    html`${admin === undefined ? words.byTheClock : words.by(admin)}`,
    ...(left.length === 0 ? [] : [html`${words.left(left.join(", "))}`]),
  ),
  keyboard: [],
})

/** One line, where there is anything to count. */
const counted = (count: number, say: (count: number) => string) => (count > 0 ? [say(count)] : [])

const booksLine = (
  checked: ComebackView["checked"],
  words: Texts["checks"]["comeback"],
): string => {
  if (checked === undefined) return words.checking
  if (Option.isNone(checked)) return words.unchecked
  const { items, adrift } = sumOf(checked.value)
  if (adrift === 0) return words.nothingLost(items)
  const where = checked.value.balances.flatMap(({ resource, differences }) =>
    differences.length > 0 ? [`${resource}: ${differences.length}`] : [],
  )
  return words.adrift(adrift, cut(where.join(", "), whereMax))
}

/** The longest list of resources whose books differ. */
const whereMax = 500
