/**
 * Tells people who wait that there is something for them, and that a wait is over.
 *
 * Who asked first is told first, and as many are told as there are items for: whoever was told
 * has them to himself for a few minutes, as far as the others in line are concerned. Nothing is
 * kept for anybody, and nothing is issued without a tap.
 */
import { Clock, Context, Duration, Effect, Layer, PubSub } from "effect"
import { Access } from "../access/Access.ts"
import { Regions } from "../access/Regions.ts"
import { timerPeriod, waitHeadStart, waitWish } from "../config/Limits.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { Languages } from "./Languages.ts"
import { type KnownOrder, knownOrder, type Offer } from "./orders.ts"
import type { Screen } from "./Screen.ts"
import { arrivedScreen, endedScreen, endOf } from "./screens/waiting.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramFailure } from "./TelegramError.ts"
import type { Texts } from "./texts/Texts.ts"
import { keyOf, satisfies, type Wait, Waits } from "./Waits.ts"

/** A message that is due. */
interface Due {
  readonly wait: Wait
  readonly screen: (texts: Texts) => Screen
  /** It says that there are items. */
  readonly isGood: boolean
}

/** Who was told, and until when the others let him go first. */
interface Ahead {
  readonly wait: Wait
  readonly until: number
}

export class Waiting extends Context.Service<
  Waiting,
  {
    /** Looks at the stock once, and tells whoever is to be told. */
    readonly once: Effect.Effect<void>
    /** Has the stock looked after of what people wait for. */
    readonly wish: Effect.Effect<void>
  }
>()("account-bot/bot/Waiting") {
  static readonly layer = Layer.effect(
    Waiting,
    Effect.gen(function* () {
      const pools = yield* Pools
      const waits = yield* Waits
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

      /** Those ahead take their part first, and are not told again. */
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
        if (!(yield* waits.beginTelling(wait))) return
        const outcome = yield* send(due)
        if (outcome === "told" && due.isGood) {
          const now = yield* Clock.currentTimeMillis
          ahead.set(keyOf(wait), { wait, until: now + Duration.toMillis(waitHeadStart) })
        }
        yield* waits.endTelling(wait, outcome !== "later")
      }, untilTheDiskIsBack)

      /** Their time is over, they took some, or they found nothing and stand in line again. */
      const forgetAhead = Effect.fnUntraced(function* (line: ReadonlyArray<Wait>, now: number) {
        const again = new Set(line.map(keyOf))
        for (const [key, { wait, until }] of ahead) {
          const asked = yield* pools.asked(wait.by)
          const hasSome = asked.some((request) => satisfies(request, wait))
          if (until <= now || again.has(key) || hasSome) ahead.delete(key)
        }
      })

      const once = Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        yield* waits.forgetTold
        const line = yield* waits.line
        yield* forgetAhead(line, now)
        const over = yield* Effect.filter(line, mayNotWait)
        yield* waits.leave(over)
        const left = line.filter((wait) => !over.includes(wait))
        const isLate = (wait: Wait) => endOf(wait) <= now
        const late = yield* Effect.forEach(left.filter(isLate), ended)
        const due = yield* arrived(left.filter((wait) => !isLate(wait)))
        yield* Effect.forEach([...due, ...late], tell, { concurrency: tellingMax, discard: true })
      }).pipe(untilTheDiskIsBack, Effect.withSpan("Waiting.once"))

      const wish = Effect.gen(function* () {
        const wanted = new Set((yield* waits.line).map(({ resource }) => resource))
        yield* Effect.forEach(wanted, pools.want, { concurrency: "unbounded", discard: true })
      }).pipe(Effect.timeoutOption(waitWish), Effect.asVoid, Effect.withSpan("Waiting.wish"))

      return Waiting.of({ once, wish })
    }),
  )

  static readonly layerLoops = Layer.effectDiscard(
    Effect.gen(function* () {
      const waiting = yield* Waiting
      yield* watching("waits", timerPeriod, mayBringStock)(waiting.once)
      yield* every("wishes of those who wait", waitWish)(waiting.wish)
    }),
  )
}

export const once = Waiting.use((waiting) => waiting.once)

/** One person's silence must not hold up the others. */
const tellingMax = 4

/** Who may have read it counts as told: nobody is told twice. */
const outcomeOf = ({ _tag }: TelegramFailure): "told" | "never" | "later" => {
  if (_tag === "Unsure") return "told"
  return unreachable.has(_tag) ? "never" : "later"
}

const unreachable: ReadonlySet<TelegramFailure["_tag"]> = new Set<TelegramFailure["_tag"]>([
  "Blocked",
  "ChatNotFound",
  "Rejected",
])

/** The waits stand as they are, and the next look tells. */
const untilTheDiskIsBack = <A, R>(self: Effect.Effect<A, StorageUnavailable, R>) =>
  Effect.catch(self, ({ message }) => Effect.logDebug(message))

const withOrder = (
  wait: Wait,
  offer: Offer,
): ReadonlyArray<{ readonly wait: Wait; readonly order: KnownOrder }> => {
  const order = knownOrder(wait, offer)
  return order === undefined ? [] : [{ wait, order }]
}

const stockEvents: ReadonlySet<PoolChange["event"]["_tag"]> = new Set<PoolChange["event"]["_tag"]>([
  "Loaded",
  "Withdrawn",
  "Restored",
  "Resumed",
  "TodayOnlySet",
])

const mayBringStock = ({ event }: PoolChange) => stockEvents.has(event._tag)

/* Work that is done by the clock, and at once when something happened to a pool. */

/**
 * Runs `once` in the current scope after each change that `concerns` it, and `period` after each
 * end; a crash of one run only costs that run. It begins when the updates that waited in Telegram
 * are handled: they may say that there is nothing to do any more.
 */
export const watching = (
  name: string,
  period: Duration.Duration,
  concerns: (change: PoolChange) => boolean,
) =>
  Effect.fnUntraced(function* <A, E, R>(once: Effect.Effect<A, E, R>) {
    const pools = yield* Pools
    const caughtUp = yield* CaughtUp
    const events = yield* pools.events
    const change: Effect.Effect<void> = Effect.flatMap(PubSub.takeAll(events), (changes) =>
      changes.some(concerns) ? Effect.void : change,
    )
    const round = once.pipe(
      survive(name),
      Effect.andThen(Effect.raceFirst(change, Effect.sleep(period))),
    )
    yield* caughtUp.wait.pipe(Effect.andThen(round.pipe(supervise(name))), Effect.forkScoped)
  })
