/**
 * Reminds a holder of items that the timer is about to mark: one silent message for each batch and
 * deadline, which is deleted again when nothing waits for a mark at that deadline any more.
 *
 * A reminder is on the disk before it is sent, so that a restart sends no second one.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { Access } from "../access/Access.ts"
import { clockStepMax, reminderShare, reminderTimeoutMin, timerPeriod } from "../config/Limits.ts"
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

/** A reminder that was sent, kept until it is taken away again. */
const Reminder = Schema.Struct({
  deadline: Moment,
  /** `null` while it is not sent, and where it did not arrive or may not have. */
  message: Schema.NullOr(MessageRef),
})
type Reminder = typeof Reminder.Type

/** The issuances of one batch that wait for a mark. */
interface Pending {
  readonly resource: Resource
  readonly key: RequestKey
  readonly issuances: ReadonlyArray<Issuance>
}

export class Reminders extends Context.Service<
  Reminders,
  {
    /** Sends the reminders that are due, and deletes those that are over. */
    readonly once: Effect.Effect<void>
    /** Whether the change may put an end to a reminder that stands in a chat. */
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
        // A document that stays on the disk has its message deleted once more at the next start.
        yield* kept.remove(key).pipe(untilTheDiskIsBack)
      })

      const remind = Effect.fnUntraced(function* ({ resource, key, issuances }: Pending) {
        const timed = yield* Effect.forEach(issuances, (issuance) =>
          Effect.map(pools.timeLeft(issuance), (left) => ({ issuance, left })),
        )
        const due = timed.filter((each) => isDue(each, noticeMs))
        if (due.length === 0) return
        const batch = Option.getOrUndefined(yield* pools.batch(resource.id, key))
        if (batch === undefined || !(yield* access.isAllowed(batch.request.by))) return
        const { request } = batch
        const deadline = Math.min(...due.map(({ issuance: { confirmAt } }) => confirmAt))
        // Kept before it is sent: whatever becomes of the message, it is not sent again.
        yield* kept.put(key, { deadline, message: null })
        reminders.set(key, { deadline, message: null })
        const left = Math.min(...due.map((each) => each.left))
        const time = formatTime(onTheWall(deadline, left, yield* Clock.currentTimeMillis), zone)
        const view = { request, resource, left: Duration.millis(left), time, count: due.length }
        const texts = yield* languages.textsFor(request.by)
        const message = yield* telegram
          .send(request.message.chatId, reminderScreen(view, texts), { silent: true })
          .pipe(Effect.catch(undone("not sent")))
        reminders.set(key, { deadline, message })
        yield* kept.put(key, { deadline, message })
      }, untilTheDiskIsBack)

      const once = Effect.gen(function* () {
        const batches = yield* pending
        const over = [...reminders].filter(
          ([key, { deadline }]) => !batches.some((batch) => waitsFor(batch, key, deadline)),
        )
        yield* Effect.forEach(over, (each) => takeAway(...each), several)
        const others = batches.filter(({ key }) => !reminders.has(key))
        yield* Effect.forEach(others, (batch) => remind(batch), several)
      }).pipe(Effect.withSpan("Reminders.once"))

      return Reminders.of({
        once,
        concerns: ({ event }) => reminders.size > 0 && ends.has(event._tag),
      })
    }),
  )

  /** There are no reminders where people have less than a minute to mark. */
  static readonly layerLoop = Layer.effectDiscard(
    Effect.gen(function* () {
      const { autoConfirmTimeout } = yield* Settings
      if (Duration.isLessThan(autoConfirmTimeout, reminderTimeoutMin)) return
      const { once, concerns } = yield* Reminders
      yield* afterPoolChanges("reminders", timerPeriod, concerns)(once)
    }),
  )
}

/** Several at once: a person whom Telegram is slow to reach delays nobody. */
const several = { concurrency: 4, discard: true } as const

/** Nothing for a resource whose items the timer does not mark. */
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

/** The timer marks only what was delivered, so nothing else needs a reminder. */
const isDue = (
  { issuance: { delivery }, left }: { readonly issuance: Issuance; readonly left: number },
  noticeMs: number,
) => delivery === "delivered" && left > 0 && left <= noticeMs

/** The deadline as it was told, unless the clock was set since: then it comes at another time. */
const onTheWall = (deadline: number, left: number, now: number) =>
  Math.abs(now + left - deadline) < Duration.toMillis(clockStepMax) ? deadline : now + left

const undone =
  (what: string) =>
  ({ reason }: TelegramError) =>
    Effect.logInfo(`a reminder was ${what}`).pipe(
      Effect.annotateLogs({ reason: reason._tag }),
      Effect.as<MessageRef | null>(null),
    )

/** While the disk refuses nobody is reminded; a later look does it. */
const untilTheDiskIsBack = <A, R>(self: Effect.Effect<A, StorageUnavailable, R>) =>
  Effect.catch(self, ({ message }) => Effect.logDebug(message))

/** Events after which an issuance does not wait for the same deadline any more. */
const ends: ReadonlySet<PoolChange["event"]["_tag"]> = new Set<PoolChange["event"]["_tag"]>([
  "Confirmed",
  "Undone",
  "Extended",
  "SetAside",
  "Transferred",
])

/**
 * The reminders as documents of the journal. A start reads them, so that it neither sends a reminder
 * twice nor leaves one standing in a chat.
 */
const makeKeptReminders = Effect.gen(function* () {
  const journal = yield* Journal

  const put = (key: RequestKey, reminder: Reminder) =>
    Effect.flatMap(Effect.orDie(encode(reminder)), (body) =>
      journal.write([{ _tag: "DocumentPut", kind, key, body }]),
    )

  const remove = (key: RequestKey) => journal.write([removalOf(key)])

  /** A document that cannot be read is dropped: at worst somebody is reminded once more. */
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
