/**
 * What the bot says of itself: to holders when the timer confirmed their items, to admins about
 * rows that cannot be issued, trouble that began or ended, and what a start came back with.
 */
import { Duration, Effect, Layer, Option, PubSub, Semaphore } from "effect"
import { comebackPatience } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { IssuanceId, RequestKey } from "../domain/Issuance.ts"
import { type Alarm, type AlarmChange, Alarms, keyOf } from "../observe/Alarms.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { Comeback } from "../pool/Comeback.ts"
import { Conservation } from "../pool/Conservation.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { comebackNote } from "./admin/comebackNote.ts"
import { alarmNote, quarantineNote } from "./admin/screens.ts"
import * as TellAdmins from "./admin/tellAdmins.ts"
import { Deliveries } from "./Deliveries.ts"
import { textsOf } from "./texts/textsOf.ts"

/** Each kind of notice in a fiber of its own, so that a slow one holds up no other. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    const deliveries = yield* Deliveries
    const alarms = yield* Alarms
    const tellAdmins = yield* TellAdmins.make
    const comeback = yield* Comeback
    const conservation = yield* Conservation
    const { timezone: zone, language } = yield* Settings
    const texts = textsOf(language)

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
        const arrived = yield* tellAdmins(quarantineNote(tab, ofTab, texts))
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

    /** Once for each change that an admin hears of: the same one may come again, or other facts. */
    const reportAlarm = Effect.fnUntraced(function* (change: AlarmChange) {
      const name = keyOf(change.alarm)
      const before = told.get(name)
      const isKnown = change.raised
        ? JSON.stringify(before) === JSON.stringify(change.alarm)
        : before === undefined
      if (isKnown) return
      const arrived = yield* tellAdmins(alarmNote(change, texts))
      if (arrived.length === 0) return
      if (change.raised) told.set(name, change.alarm)
      else told.delete(name)
    }, oneAlarmAtATime.withPermit)

    /** What stands and nobody heard of, and what is over and nobody heard of that. */
    const reportAlarms = Effect.gen(function* () {
      const standing = yield* alarms.raised
      const names = new Set(standing.map(keyOf))
      const over = [...told].flatMap(([name, alarm]) => (names.has(name) ? [] : [alarm]))
      yield* Effect.forEach(over, (alarm) => reportAlarm({ alarm, raised: false }), {
        discard: true,
      })
      yield* Effect.forEach(standing, (alarm) => reportAlarm({ alarm, raised: true }), {
        discard: true,
      })
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
      yield* tellAdmins(comebackNote(view, zone, texts))
    })

    const reportAll = Effect.forEach(pools.resources, ({ id }) => reportQuarantine(id), {
      discard: true,
    })

    yield* showConfirmed.pipe(supervise("notices of the timer"))
    yield* Effect.forkScoped(survive("note after a start")(tellComeback))
    yield* reportLoaded.pipe(supervise("quarantine reports"))
    yield* every("quarantine reports", retellPeriod)(reportAll)
    yield* every("alarm reports", retellPeriod)(reportAlarms)
    yield* PubSub.take(changes).pipe(Effect.flatMap(reportAlarm), supervise("alarm changes"))
  }),
)

/** An admin who could not be told may press /start at any time. */
const retellPeriod = Duration.minutes(1)

interface ConfirmedByTimer {
  readonly resource: string
  readonly id: IssuanceId
  readonly holder: TelegramId
}

const byTimer = ({ resource, event }: PoolChange): ReadonlyArray<ConfirmedByTimer> =>
  event._tag === "Confirmed" && event.mark.auto
    ? [{ resource, id: event.id, holder: event.mark.by }]
    : []
