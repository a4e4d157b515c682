/**
 * Notices go to admins unasked: about rows that cannot be issued, alarms that began or ended, and
 * what a start came back with.
 */
import { type DateTime, Duration, Effect, Layer, Option, PubSub, Semaphore } from "effect"
import { Access } from "../access/Access.ts"
import { comebackPatience } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { formatMoment } from "../domain/Day.ts"
import { foldName } from "../domain/identity.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import type { Quarantined } from "../domain/Item.ts"
import { isSpelling } from "../domain/Region.ts"
import type { Unreported } from "../pool/State.ts"
import {
  type Alarm,
  type AlarmChange,
  Alarms,
  isPast,
  alarmKey,
  tellsTheSame,
} from "../observe/Alarms.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Comeback, type Left } from "../pool/Comeback.ts"
import { type Checked, Conservation, sumOf } from "../pool/Conservation.ts"
import { Pools, type Recovered } from "../pool/Pools.ts"
import { TellAdmins } from "./admin/Admins.ts"
import { quarantineRow } from "./admin/quarantine.ts"
import { spellingButton, unknownRegionsRow } from "./admin/spellings.ts"
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
    const { timezone: zone } = yield* Settings

    const loaded = yield* pools.events
    const changes = yield* PubSub.subscribe(alarms.changes)

    const oneAtATime = yield* Semaphore.make(1)

    const quarantineCards = yield* makeQuarantineCards

    /** A report that reached no admin is made again: at the next load, and every minute. */
    const reportQuarantine = Effect.fnUntraced(function* (resource: string) {
      const rows = yield* pools.unreported(resource)
      for (const [tab, ofTab] of Map.groupBy(rows, (row) => row.tab)) {
        if (!(yield* quarantineCards.tell(tab, ofTab))) continue
        yield* pools.tell(resource, {
          _tag: "QuarantineReported",
          ids: ofTab.map(({ id }) => id),
        })
      }
    }, oneAtATime.withPermit)

    const reportLoaded = Effect.gen(function* () {
      const { resource, event } = yield* PubSub.take(loaded)
      if (event._tag === "Loaded") yield* reportQuarantine(resource)
    })

    /** The alarms that some admin was told of, and whose end nobody was told of yet. */
    const told = new Map<string, Alarm>()
    const oneAlarmAtATime = yield* Semaphore.make(1)

    const isNews = ({ alarm, raised }: AlarmChange) => {
      const before = told.get(alarmKey(alarm))
      return raised ? before === undefined || !tellsTheSame(before, alarm) : before !== undefined
    }

    const report = Effect.fnUntraced(function* (
      news: ReadonlyArray<AlarmChange>,
      note: (texts: Texts) => Screen,
    ) {
      const arrived = yield* tellAdmins(note)
      if (arrived.length === 0) return
      for (const change of news) {
        if (change.raised) told.set(alarmKey(change.alarm), change.alarm)
        else told.delete(alarmKey(change.alarm))
        if (change.raised && isPast(change.alarm)) yield* alarms.clear(change.alarm)
      }
    })

    /**
     * Tells the admins of the changes that they have not heard of: a change may be reported to this
     * function more than once. Stocks that are found low together make one message.
     */
    const reportChanges = Effect.fnUntraced(function* (all: ReadonlyArray<AlarmChange>) {
      for (const { alarm } of all.filter(isOldNews)) told.delete(alarmKey(alarm))
      const news = new Map(all.filter(isNews).map((change) => [alarmKey(change.alarm), change]))
      const low = [...news.values()].filter(isLowStock)
      const together = low.length > 1 ? low : []
      const lowAlarms = together.map(({ alarm }) => alarm)
      if (together.length > 0) {
        yield* report(together, (texts) => lowStocksNote(lowAlarms, texts))
      }
      for (const change of all.filter((one) => !together.includes(one))) {
        if (isNews(change)) yield* report([change], (texts) => alarmNote(change, texts))
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
     * The next changes. A count of all stocks finds several of them low within a moment, so a low
     * stock waits a little for the others.
     */
    const gathered = Effect.gen(function* () {
      const first = yield* PubSub.take(changes)
      if (isLowStock(first)) yield* Effect.sleep(gatherFor)
      return [first, ...(yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY))]
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

    const reportAll = Effect.forEach(pools.resources, ({ id }) => reportQuarantine(id), {
      discard: true,
    })

    yield* Effect.forkScoped(survive("note after a start")(tellComeback))
    yield* reportLoaded.pipe(supervise("quarantine reports"))
    yield* every("quarantine reports", retellPeriod)(reportAll)
    yield* every("alarm reports", retellPeriod)(reportAlarms)
    yield* gathered.pipe(Effect.flatMap(reportChanges), supervise("alarm changes"))
  }),
)

const isLowStock = ({ alarm, raised }: AlarmChange) => raised && alarm._tag === "LowStock"

/** The end of an alarm that cannot come right again: its begin was told, and that is enough. */
const isOldNews = ({ alarm, raised }: AlarmChange) => !raised && isPast(alarm)

/** How often a note that reached no admin is tried again: one may press /start at any time. */
const retellPeriod = Duration.minutes(1)

/** How long a low stock waits for others. */
const gatherFor = Duration.seconds(1)

/** Why a row is in quarantine, and the header of the column at fault. */
type Fault = Pick<Quarantined, "reason" | "column">

/** The messages about one tab that the admins have, one each, and the rows that these count. */
interface QuarantineCard {
  /** When the first row was told of; see observe/elapsed.ts. */
  readonly since: number
  /** By the id of the row, so that a report that is made again counts no row twice. */
  readonly rows: ReadonlyMap<string, Fault>
  readonly messages: ReadonlyArray<MessageRef>
}

/** Makes what tells the admins which rows of a tab went into quarantine. */
const makeQuarantineCards = Effect.gen(function* () {
  const { tell: tellAdmins, redrawIfThere } = yield* TellAdmins
  const { admins } = yield* Access
  /** By the tab, what was sent about it lately. */
  const cards = new Map<string, QuarantineCard>()

  /**
   * Tells the admins of the rows. An admin who got a card about the tab within the last hour sees
   * its count grow; the others, and whoever has deleted it, get a new card. Answers whether anybody
   * has one.
   */
  const tell = Effect.fnUntraced(function* (tab: string, rows: ReadonlyArray<Unreported>) {
    const now = yield* elapsed
    const known = cards.get(tab)
    const isFresh = known !== undefined && now - known.since < Duration.toMillis(cardCountsUpFor)
    const before: QuarantineCard = isFresh ? known : { since: now, rows: new Map(), messages: [] }
    const all = new Map([
      ...before.rows,
      ...rows.map(({ id, reason, column }) => [id, { reason, column }] as const),
    ])
    const draw = (texts: Texts) => quarantineNote(tab, [...all.values()], texts)
    const standing = yield* Effect.filter(before.messages, (message) =>
      redrawIfThere(message, draw),
    )
    const have = new Set(standing.map(({ chatId }) => chatId))
    const arrived = yield* tellAdmins(
      draw,
      admins.filter((admin) => !have.has(admin)),
    )
    const messages = [...standing, ...arrived]
    if (messages.length > 0) cards.set(tab, { since: before.since, rows: all, messages })
    return messages.length > 0
  })
  return { tell }
})

/** How long a card about a tab counts up; what comes later is news again. */
const cardCountsUpFor = Duration.hours(1)

/** Counts by reason. The contents of the rows are secret and are not shown. */
export const quarantineNote = (tab: string, rows: ReadonlyArray<Fault>, texts: Texts): Screen => {
  const { admin } = texts
  const reasons = new Map<string, number>()
  for (const { reason, column } of rows) {
    const text = `${admin.quarantineReason[reason]}${column === null ? "" : ` (${column})`}`
    reasons.set(text, (reasons.get(text) ?? 0) + 1)
  }
  return {
    html: lines(
      bold(admin.quarantine(tab, rows.length)),
      ...[...reasons].slice(0, 20).map(([text, count]) => html`• ${text}: ${count}`),
      html`${admin.quarantineAdvice}`,
    ),
    keyboard: [
      ...quarantineRow(rows.length, texts),
      ...(rows.some(({ reason }) => reason === "region") ? unknownRegionsRow(texts) : []),
    ],
  }
}

export const alarmNote = ({ alarm, raised }: AlarmChange, texts: Texts): Screen => {
  const { admin } = texts
  return {
    // Names of a catalogue may be of any length.
    ...sentence(cut(raised ? admin.alarm(alarm) : admin.cleared(alarm), messageMax)),
    keyboard: raised && alarm._tag === "RowsHalfTyped" ? regionButtons(alarm.rows, texts) : [],
  }
}

/** A button for each region of the rows that nobody can choose. */
const regionButtons = (
  rows: Extract<Alarm, { readonly _tag: "RowsHalfTyped" }>["rows"],
  texts: Texts,
): Screen["keyboard"] => {
  const typed = rows.flatMap(({ region }) =>
    region !== undefined && isSpelling(region) ? [region] : [],
  )
  return [...Map.groupBy(typed, foldName).values()].map((all) => [
    spellingButton(all[0] ?? "", texts),
  ])
}

/** One note for several stocks that run low; alarms of other kinds are left out. */
export const lowStocksNote = (alarms: ReadonlyArray<Alarm>, texts: Texts): Screen => {
  const { admin } = texts
  const low = alarms.flatMap((alarm) =>
    alarm._tag === "LowStock"
      ? [admin.lowStock(cut(texts.label(alarm.label), 40), alarm.remaining)]
      : [],
  )
  return {
    html: lines(
      bold(admin.lowStocks),
      ...low.slice(0, lowStocksMax).map((line) => html`• ${line}`),
      ...(low.length > lowStocksMax ? [html`…`] : []),
      html`${admin.lowStockAdvice}`,
    ),
    keyboard: [],
  }
}

/** The note names that many stocks; /stock shows the others. */
const lowStocksMax = 30

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
