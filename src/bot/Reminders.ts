/**
 * Reminds of what is about to mark itself: one silent message for a batch and a deadline, which
 * goes again when nothing of it waits for a mark. On disk before it is sent: a start sends no
 * second one.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { Access } from "../access/Access.ts"
import { reminderShare, reminderTimeoutMin, timerPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { formatTime, Moment } from "../domain/Day.ts"
import { type Issuance, MessageRef, RequestKey } from "../domain/Issuance.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import { Languages } from "./Languages.ts"
import { afterPoolChanges } from "./poolWatch.ts"
import { reminderScreen } from "./screens/my.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"

/** Issuances of one batch that wait for a mark. */
interface Pending {
  readonly resource: Resource
  readonly key: RequestKey
  readonly issuances: ReadonlyArray<Issuance>
}

export class Reminders extends Context.Service<
  Reminders,
  {
    /** Reminds of what is due, and takes away what is over. */
    readonly once: Effect.Effect<void>
    /** Whether a reminder that stands may be over with that change. */
    concerns(change: PoolChange): boolean
  }
>()("account-bot/bot/Reminders") {
  static readonly layer = Layer.effect(
    Reminders,
    Effect.gen(function* () {
      const pools = yield* Pools
      const access = yield* Access
      const telegram = yield* Telegram
      const { autoConfirmTimeout, timezone: zone } = yield* Settings
      const languages = yield* Languages
      const kept = yield* makeKeptReminders
      const noticeMs = Duration.toMillis(autoConfirmTimeout) * reminderShare
      const reminders = yield* kept.load

      const pending = Effect.map(pools.holders, (holders) =>
        [...Map.groupBy(holders, ({ request }) => request)].flatMap(([key, issuances]) =>
          ofOneBatch(key, issuances, pools.resources),
        ),
      )

      const takeAway = Effect.fnUntraced(function* (key: RequestKey, { message }: Reminder) {
        reminders.delete(key)
        if (message !== null) {
          yield* telegram.remove(message).pipe(Effect.catch(undone("not taken away")))
        }
        // One that stays on disk is taken away once more at the next start.
        yield* kept.remove(key).pipe(untilTheDiskIsBack)
      })

      const remind = Effect.fnUntraced(function* (
        { resource, key, issuances }: Pending,
        now: number,
      ) {
        const due = issuances.filter((issuance) => isDue(issuance, now, noticeMs))
        if (due.length === 0) return
        const batch = Option.getOrUndefined(yield* pools.batch(resource.id, key))
        if (batch === undefined || !(yield* access.isAllowed(batch.request.by))) return
        const { request } = batch
        const deadline = Math.min(...due.map(({ confirmAt }) => confirmAt))
        // Remembered before it is sent: whatever becomes of it, it is not sent again.
        yield* kept.put(key, { deadline, message: null })
        reminders.set(key, { deadline, message: null })
        const left = Duration.millis(deadline - now)
        const time = formatTime(deadline, zone)
        const view = { request, resource, left, time, count: due.length }
        const texts = yield* languages.textsFor(request.by)
        const message = yield* telegram
          .send(request.message.chatId, reminderScreen(view, texts), { silent: true })
          .pipe(Effect.catch(undone("not sent")))
        reminders.set(key, { deadline, message })
        yield* kept.put(key, { deadline, message })
      }, untilTheDiskIsBack)

      const once = Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        const batches = yield* pending
        const over = [...reminders].filter(
          ([key, { deadline }]) => !batches.some((batch) => waitsFor(batch, key, deadline)),
        )
        yield* Effect.forEach(over, (each) => takeAway(...each), several)
        const others = batches.filter(({ key }) => !reminders.has(key))
        yield* Effect.forEach(others, (batch) => remind(batch, now), several)
      }).pipe(Effect.withSpan("Reminders.once"))

      return Reminders.of({
        once,
        concerns: ({ event }) => reminders.size > 0 && ends.has(event._tag),
      })
    }),
  )

  /** A time to mark that is shorter than a minute has no reminders. */
  static readonly layerLoop = Layer.effectDiscard(
    Effect.gen(function* () {
      const { autoConfirmTimeout } = yield* Settings
      if (Duration.isLessThan(autoConfirmTimeout, reminderTimeoutMin)) return
      const { once, concerns } = yield* Reminders
      yield* afterPoolChanges("reminders", timerPeriod, concerns)(once)
    }),
  )
}

/** One person's silence must not hold up the others. */
const several = { concurrency: 4, discard: true } as const

const ofOneBatch = (
  key: RequestKey,
  issuances: ReadonlyArray<Issuance>,
  resources: ReadonlyArray<Resource>,
): ReadonlyArray<Pending> => {
  const resource = resources.find(({ id }) => id === issuances[0]?.item.resource)
  return resource === undefined || resource.autoStatus === null
    ? []
    : [{ resource, key, issuances }]
}

const waitsFor = (batch: Pending, key: RequestKey, deadline: number) =>
  batch.key === key && batch.issuances.some(({ confirmAt }) => confirmAt === deadline)

/** What never arrived is not marked by the timer. */
const isDue = ({ delivery, confirmAt }: Issuance, now: number, noticeMs: number) =>
  delivery === "delivered" && confirmAt > now && confirmAt - now <= noticeMs

const undone =
  (what: string) =>
  ({ reason }: TelegramError) =>
    Effect.logInfo(`a reminder was ${what}`).pipe(
      Effect.annotateLogs({ reason: reason._tag }),
      Effect.as<MessageRef | null>(null),
    )

/** Who was not reminded yet is reminded by a later look. */
const untilTheDiskIsBack = <A, R>(self: Effect.Effect<A, StorageUnavailable, R>) =>
  Effect.catch(self, ({ message }) => Effect.logDebug(message))

const ends: ReadonlySet<PoolChange["event"]["_tag"]> = new Set<PoolChange["event"]["_tag"]>([
  "Confirmed",
  "Undone",
  "SetAside",
  "Transferred",
])

/*
 * Reminders that stand in chats, as documents of the journal: a start neither sends them again
 * nor leaves them there.
 */

export const Reminder = Schema.Struct({
  deadline: Moment,
  /** `null` where nobody knows whether it arrived, or it did not. */
  message: Schema.NullOr(MessageRef),
})
export type Reminder = typeof Reminder.Type

export const makeKeptReminders = Effect.gen(function* () {
  const journal = yield* Journal

  const put = (key: RequestKey, reminder: Reminder) =>
    Effect.flatMap(Effect.orDie(encode(reminder)), (body) =>
      journal.write([{ _tag: "DocumentPut", kind, key, body }]),
    )

  const remove = (key: RequestKey) => journal.write([removalOf(key)])

  /** What cannot be read is dropped: at worst somebody is reminded once more. */
  const load = Effect.gen(function* () {
    const documents = yield* journal.documents(kind)
    const kept = documents.flatMap(({ key, body }) => {
      const [of, reminder] = [decodeKey(key), decode(body)]
      return Option.isSome(of) && Option.isSome(reminder)
        ? [[of.value, reminder.value] as const]
        : []
    })
    const reminders = new Map(kept)
    const dropped = documents.filter(({ key }) => !kept.some(([of]) => of === key))
    if (dropped.length > 0) yield* journal.write(dropped.map(({ key }) => removalOf(key)))
    return reminders
  })

  return { put, remove, load }
})

const kind = "reminder"

const encode = Schema.encodeEffect(Reminder)
const decode = Schema.decodeUnknownOption(Reminder)
const decodeKey = Schema.decodeUnknownOption(RequestKey)

const removalOf = (key: string): Write => ({ _tag: "DocumentRemoved", kind, key })
