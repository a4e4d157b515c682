/**
 * Tells the people on the waitlist that there is something for them, or that their wait is over.
 *
 * Whoever asked first is told first, and no more people are told than there are items for.
 * Somebody who was told has a head start of a few minutes, in which the same items are announced
 * to nobody else in line. No item is set aside for them, though, and none is issued without a tap.
 */
import { Clock, Context, Duration, Effect, Layer } from "effect"
import { Access } from "../access/Access.ts"
import { Regions } from "../access/Regions.ts"
import { timerPeriod, waitHeadStart, waitWish } from "../config/Limits.ts"
import { every } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { Languages } from "./Languages.ts"
import { type KnownOrder, knownOrder, type Offer } from "./orders.ts"
import { afterPoolChanges } from "./poolWatch.ts"
import type { Screen } from "./Screen.ts"
import { arrivedScreen, endedScreen, endOf } from "./screens/waits.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramFailure } from "./TelegramError.ts"
import type { Texts } from "./texts/Texts.ts"
import { keyOf, satisfies, type Wait, Waitlist } from "./Waitlist.ts"

/** A message that is due. */
interface Due {
  readonly wait: Wait
  readonly screen: (texts: Texts) => Screen
  /** The message brings items; it does not merely say that the wait is over. */
  readonly isGood: boolean
}

/** Somebody who was told, and when their head start ends; see observe/elapsed.ts. */
interface Ahead {
  readonly wait: Wait
  readonly until: number
}

export class WaitNotices extends Context.Service<
  WaitNotices,
  {
    /** Looks at the waitlist and at the stock once, and sends every message that is due. */
    readonly tellDue: Effect.Effect<void>
    /** Asks for a refill of every resource that somebody waits for. */
    readonly wantStock: Effect.Effect<void>
  }
>()("account-bot/bot/WaitNotices") {
  static readonly layer = Layer.effect(
    WaitNotices,
    Effect.gen(function* () {
      const pools = yield* Pools
      const waitlist = yield* Waitlist
      const regions = yield* Regions
      const access = yield* Access
      const telegram = yield* Telegram
      const languages = yield* Languages
      const ahead = new Map<string, Ahead>()

      const mayNotWait = ({ by }: Wait) => Effect.map(access.isAllowed(by), (allowed) => !allowed)

      const offer = Effect.map(regions.all, (known) => ({
        resources: pools.resources,
        regions: known,
      }))

      /**
       * The messages about new items. People with a head start are counted first, so that the
       * others are offered what is left over; they are not told a second time.
       */
      const arrived = Effect.fnUntraced(function* (line: ReadonlyArray<Wait>) {
        const offered = yield* offer
        const told = [...ahead.values()].map(({ wait }) => wait)
        const all = [...told, ...line]
          .toSorted((a, b) => a.since - b.since)
          .flatMap((wait) => withOrder(wait, offered))
        const ofEach = yield* Effect.forEach(
          Map.groupBy(all, ({ wait }) => wait.resource),
          ([resource, places]) =>
            Effect.map(
              pools.fitting(
                resource,
                places.map(({ wait }) => wait),
              ),
              (counts) => places.map((place, index) => ({ ...place, count: counts[index] ?? 0 })),
            ),
        )
        return ofEach
          .flat()
          .filter(({ wait, count }) => count > 0 && !told.includes(wait))
          .map(({ wait, order, count }): Due => {
            const screen = (words: Texts) => arrivedScreen(order, count, words)
            return { wait, screen, isGood: true }
          })
      })

      /** The message that a wait has ended because its time is over. */
      const ended = Effect.fnUntraced(function* (wait: Wait) {
        const order = knownOrder(wait, yield* offer)
        const screen = (words: Texts) => endedScreen(wait, order, pools.resources, words)
        const due: Due = { wait, screen, isGood: false }
        return due
      })

      const send = ({ wait, screen, isGood }: Due) =>
        languages.textsFor(wait.by).pipe(
          Effect.flatMap((texts) => telegram.send(wait.by, screen(texts), { silent: !isGood })),
          Effect.as("told" as const),
          Effect.catch(({ reason }) =>
            Effect.logInfo("somebody who waits was not told").pipe(
              Effect.annotateLogs({ user: wait.by, reason: reason._tag }),
              Effect.as(outcomeOf(reason)),
            ),
          ),
        )

      const tell = Effect.fnUntraced(function* (due: Due) {
        const { wait } = due
        if (!(yield* waitlist.beginTelling(wait))) return
        const outcome = yield* send(due)
        if (outcome === "told" && due.isGood) {
          const now = yield* elapsed
          ahead.set(keyOf(wait), { wait, until: now + Duration.toMillis(waitHeadStart) })
        }
        yield* waitlist.endTelling(wait, outcome !== "later")
      }, untilTheDiskIsBack)

      /**
       * Ends head starts: their time is over, the person has taken something, or the person found
       * nothing and stands in line again.
       */
      const endHeadStarts = Effect.fnUntraced(function* (line: ReadonlyArray<Wait>) {
        const now = yield* elapsed
        const again = new Set(line.map(keyOf))
        for (const [key, { wait, until }] of ahead) {
          const asked = yield* pools.asked(wait.by)
          const hasSome = asked.some((request) => satisfies(request, wait))
          if (until <= now || again.has(key) || hasSome) ahead.delete(key)
        }
      })

      const tellDue = Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        yield* waitlist.forgetTold
        const line = yield* waitlist.line
        if (line.length === 0 && ahead.size === 0) return
        yield* endHeadStarts(line)
        const over = yield* Effect.filter(line, mayNotWait)
        yield* waitlist.leave(over)
        const left = line.filter((wait) => !over.includes(wait))
        const isLate = (wait: Wait) => endOf(wait) <= now
        const late = yield* Effect.forEach(left.filter(isLate), ended)
        const due = yield* arrived(left.filter((wait) => !isLate(wait)))
        yield* Effect.forEach([...due, ...late], tell, { concurrency: tellingMax, discard: true })
      }).pipe(untilTheDiskIsBack, Effect.withSpan("WaitNotices.tellDue"))

      const wantStock = Effect.gen(function* () {
        const wanted = new Set((yield* waitlist.line).map(({ resource }) => resource))
        yield* Effect.forEach(wanted, pools.want, { concurrency: "unbounded", discard: true })
      }).pipe(
        Effect.timeoutOption(waitWish),
        Effect.asVoid,
        Effect.withSpan("WaitNotices.wantStock"),
      )

      return WaitNotices.of({ tellDue, wantStock })
    }),
  )

  static readonly layerLoops = Layer.effectDiscard(
    Effect.gen(function* () {
      const { tellDue, wantStock } = yield* WaitNotices
      yield* afterPoolChanges("waits", timerPeriod, mayBringStock)(tellDue)
      yield* every("wishes of those who wait", waitWish)(wantStock)
    }),
  )
}

/** Messages that are under way at once: a person whom Telegram is slow to reach delays nobody. */
const tellingMax = 4

/** A message that may have arrived counts as read, so that nobody is told twice. */
const outcomeOf = ({ _tag }: TelegramFailure): "told" | "never" | "later" => {
  if (_tag === "Unsure") return "told"
  return unreachable.has(_tag) ? "never" : "later"
}

const unreachable: ReadonlySet<TelegramFailure["_tag"]> = new Set<TelegramFailure["_tag"]>([
  "Blocked",
  "ChatNotFound",
  "Rejected",
])

/** While the disk refuses, the waitlist stays as it is, and the next look tells. */
const untilTheDiskIsBack = <A, R>(self: Effect.Effect<A, StorageUnavailable, R>) =>
  Effect.catch(self, ({ message }) => Effect.logDebug(message))

/** A wait together with the order it stands for; nothing where that cannot be ordered any more. */
const withOrder = (
  wait: Wait,
  offer: Offer,
): ReadonlyArray<{ readonly wait: Wait; readonly order: KnownOrder }> => {
  const order = knownOrder(wait, offer)
  return order === undefined ? [] : [{ wait, order }]
}

/** Events after which a resource may have items that it did not have before. */
const stockEvents: ReadonlySet<PoolChange["event"]["_tag"]> = new Set<PoolChange["event"]["_tag"]>([
  "Loaded",
  "Withdrawn",
  "Restored",
  "Resumed",
  "TodayOnlySet",
])

const mayBringStock = ({ event }: PoolChange) => stockEvents.has(event._tag)
