/**
 * What the bot says of itself: to holders when the timer confirmed their items, to admins about
 * rows that cannot be issued, trouble that began or ended, and what a start came back with.
 */
import { Duration, Effect, Layer, Option, PubSub, Semaphore } from "effect"
import { comebackPatience } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { IssuanceId, RequestKey } from "../domain/Issuance.ts"
import {
  type Alarm,
  type AlarmChange,
  Alarms,
  isPast,
  keyOf,
  tellsTheSame,
} from "../observe/Alarms.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { Comeback } from "../pool/Comeback.ts"
import { Conservation } from "../pool/Conservation.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { comebackNote } from "./admin/comebackNote.ts"
import { alarmNote, lowStocksNote, quarantineNote } from "./admin/screens.ts"
import * as TellAdmins from "./admin/tellAdmins.ts"
import type { Screen } from "./Keyboard.ts"
import { Deliveries } from "./Deliveries.ts"
import type { Texts } from "./texts/Texts.ts"

/** Each kind of notice in a fiber of its own, so that a slow one holds up no other. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    const deliveries = yield* Deliveries
    const alarms = yield* Alarms
    const tellAdmins = yield* TellAdmins.make
    const comeback = yield* Comeback
    const conservation = yield* Conservation
    const { timezone: zone } = yield* Settings

    const confirmed = yield* pools.events
    const loaded = yield* pools.events
    const changes = yield* PubSub.subscribe(alarms.changes)

    /** One edit for a message, however many of its items were confirmed together. */
    const showConfirmed = Effect.gen(function* () {
      const batches = new Map<RequestKey, string>()
      for (const { resource, id, holder } of (yield* PubSub.takeAll(confirmed)).flatMap(byTimer)) {
        const held = (yield* pools.held(holder)).find((issuance) => issuance.id === id)
        if (held !== undefined) batches.set(held.request, resource)
      }
      for (const [key, resource] of batches) yield* deliveries.show(resource, key)
    })

    const oneAtATime = yield* Semaphore.make(1)

    /** What was reported to nobody is reported again: at the next load, and every minute. */
    const reportQuarantine = Effect.fnUntraced(function* (resource: string) {
      const rows = yield* pools.unreported(resource)
      for (const [tab, ofTab] of Map.groupBy(rows, (row) => row.tab)) {
        const arrived = yield* tellAdmins((texts) => quarantineNote(tab, ofTab, texts))
        if (arrived.length === 0) continue
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

    /** What some admin was told of, and not yet that it is over. */
    const told = new Map<string, Alarm>()
    const oneAlarmAtATime = yield* Semaphore.make(1)

    const isNews = ({ alarm, raised }: AlarmChange) => {
      const before = told.get(keyOf(alarm))
      return raised ? before === undefined || !tellsTheSame(before, alarm) : before !== undefined
    }

    const report = Effect.fnUntraced(function* (
      news: ReadonlyArray<AlarmChange>,
      note: (texts: Texts) => Screen,
    ) {
      const arrived = yield* tellAdmins(note)
      if (arrived.length === 0) return
      for (const change of news) {
        if (change.raised) told.set(keyOf(change.alarm), change.alarm)
        else told.delete(keyOf(change.alarm))
        if (change.raised && isPast(change.alarm)) yield* alarms.clear(change.alarm)
      }
    })

    /**
     * Once for each change that an admin hears of: the same one may come again. Stocks that are
     * found low together are one message.
     */
    const reportChanges = Effect.fnUntraced(function* (all: ReadonlyArray<AlarmChange>) {
      for (const { alarm } of all.filter(isOldNews)) told.delete(keyOf(alarm))
      const news = new Map(all.filter(isNews).map((change) => [keyOf(change.alarm), change]))
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

    /** What stands and nobody heard of, and what is over and nobody heard of that. */
    const reportAlarms = Effect.gen(function* () {
      const standing = yield* alarms.raised
      const names = new Set(standing.map(keyOf))
      const over = [...told].flatMap(([name, alarm]) => (names.has(name) ? [] : [alarm]))
      yield* reportChanges([
        ...over.map((alarm) => ({ alarm, raised: false })),
        ...standing.map((alarm) => ({ alarm, raised: true })),
      ])
    })

    /** A look at all stocks finds several low in a moment. */
    const gathered = Effect.gen(function* () {
      const first = yield* PubSub.take(changes)
      if (isLowStock(first)) yield* Effect.sleep(gatherFor)
      return [first, ...(yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY))]
    })

    /** Waits for what it tells of, but not for ever: admins look for it right after a start. */
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

    yield* showConfirmed.pipe(supervise("notices of the timer"))
    yield* Effect.forkScoped(survive("note after a start")(tellComeback))
    yield* reportLoaded.pipe(supervise("quarantine reports"))
    yield* every("quarantine reports", retellPeriod)(reportAll)
    yield* every("alarm reports", retellPeriod)(reportAlarms)
    yield* gathered.pipe(Effect.flatMap(reportChanges), supervise("alarm changes"))
  }),
)

const isLowStock = ({ alarm, raised }: AlarmChange) => raised && alarm._tag === "LowStock"

/** What is past does not come right again, and somebody knows of it. */
const isOldNews = ({ alarm, raised }: AlarmChange) => !raised && isPast(alarm)

/** An admin who could not be told may press /start at any time. */
const retellPeriod = Duration.minutes(1)

const gatherFor = Duration.seconds(1)

interface ConfirmedByTimer {
  readonly resource: string
  readonly id: IssuanceId
  readonly holder: TelegramId
}

const byTimer = ({ resource, event }: PoolChange): ReadonlyArray<ConfirmedByTimer> =>
  event._tag === "Confirmed" && event.mark.auto
    ? [{ resource, id: event.id, holder: event.mark.by }]
    : []
