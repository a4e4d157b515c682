/** Each bot of a replica lives by itself: what stops one of them leaves the others alone. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { type Duration, Effect, Layer, Logger, Option, PubSub, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Intake } from "../../src/bot/Intake.ts"
import { Bots, type BotChange, type ReadyBot } from "../../src/cluster/Bots.ts"
import { Fleet, Placement, type Program } from "../../src/cluster/Fleet.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { type PoolChange, Pools } from "../../src/pool/Pools.ts"
import { Disowned, Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { Ownership } from "../../src/store/Ownership.ts"
import { SharedInbox } from "../../src/store/postgres/SharedInbox.ts"

/** Lets everything go on that waits for no clock. */
const quiet = Effect.forEach(
  Array.from({ length: 50 }),
  () => Effect.promise(() => new Promise((resolve) => setImmediate(resolve))),
  { discard: true },
)

const pass = (time: Duration.Input) =>
  Effect.andThen(Effect.andThen(quiet, TestClock.adjust(time)), quiet)

/** What the start of a bot comes to, by its name; it runs where nothing is said. */
type Outcomes = Map<string, Effect.Effect<void, StorageUnavailable>>

const away = new StorageUnavailable({ operation: "open", cause: "no answer" })

const makeWorld = Effect.gen(function* () {
  const outcomes: Outcomes = new Map()
  /** Starts and ends, in their order. */
  const seen: Array<string> = []
  const losers = new Map<string, Effect.Effect<void>>()
  const changes = yield* Queue.unbounded<BotChange>()

  const note = (what: string) => Effect.sync(() => void seen.push(what))

  const life = Layer.effectDiscard(
    Effect.gen(function* () {
      const { botName: name, language } = yield* Settings
      const { lose } = yield* Ownership
      yield* outcomes.get(name) ?? Effect.void
      losers.set(name, lose(new Disowned({ bot: name, epoch: 3 })))
      yield* Effect.acquireRelease(note(`${name} ${language}`), () => note(`${name} ends`))
    }),
  )
  const program: Program = Layer.mergeAll(
    Layer.mock(Intake, { refused: Effect.never, take: () => Effect.void }),
    Layer.mock(Pools, {
      recovered: [],
      resources: [],
      events: Effect.flatMap(PubSub.unbounded<PoolChange>(), PubSub.subscribe),
    }),
    Layer.mock(Journal, {}),
    Alarms.layer,
    Vitals.layer,
    life,
  )

  const bots = Layer.mock(Bots, {
    changes: Stream.fromQueue(changes),
    shares: () => Effect.succeed({ requests: 1, read: 1, write: 1 }),
  })
  const inbox = Layer.mock(SharedInbox, { feed: () => Effect.never })
  const placement = Layer.succeed(Placement, {
    place: (_, run) => Effect.asVoid(Effect.forkScoped(run)),
  })
  const lines: Array<string> = []
  const log = Logger.layer([
    Logger.make((options) => void lines.push(Logger.formatLogFmt.log(options))),
  ])
  const { states } = yield* Fleet.layer(program).pipe(
    Layer.provide(Layer.mergeAll(bots, inbox, placement, NodeServices.layer, log)),
    Layer.build,
    Effect.flatMap((context) => Effect.provideContext(Fleet, context)),
  )

  const bot = Effect.fnUntraced(function* (name: string, language: "ru" | "en" = "ru") {
    const settings = yield* Effect.provide(
      Settings,
      Settings.layerTest({ botName: name, language }),
    )
    const ready: ReadyBot = { _tag: "Ready", settings, own: {}, account: Option.none() }
    return ready
  })
  const tell = (change: BotChange) => Effect.andThen(Queue.offer(changes, change), quiet)
  const add = (name: string) =>
    Effect.flatMap(bot(name), (ready) => tell({ _tag: "Added", name, bot: ready }))
  const stateOf = (name: string) => Effect.map(states, (all) => all.get(name)?._tag)
  return { outcomes, seen, losers, lines, bot, tell, add, stateOf }
})

describe("a fleet", () => {
  it.effect("begins, changes and ends a bot with its file, and leaves the others alone", () =>
    Effect.gen(function* () {
      const { seen, bot, tell, add, stateOf } = yield* makeWorld
      yield* add("a")
      yield* add("b")
      assert.deepStrictEqual(seen, ["a ru", "b ru"])
      yield* tell({ _tag: "Changed", name: "a", bot: yield* bot("a", "en") })
      assert.deepStrictEqual(seen.slice(2), ["a ends", "a en"])
      yield* tell({ _tag: "Faulty", name: "a", faults: ["a.env: wrong"] })
      assert.deepStrictEqual(seen.slice(4), ["a ends"])
      assert.strictEqual(yield* stateOf("a"), undefined)
      yield* add("a")
      yield* tell({ _tag: "Removed", name: "a" })
      assert.deepStrictEqual(seen.slice(5), ["a ru", "a ends"])
      assert.strictEqual(yield* stateOf("b"), "Here")
    }),
  )

  it.effect("tries a bot again whose database was away, and says so once", () =>
    Effect.gen(function* () {
      const { outcomes, seen, lines, add, stateOf } = yield* makeWorld
      outcomes.set("a", Effect.fail(away))
      yield* add("a")
      yield* add("b")
      yield* pass("20 seconds")
      assert.strictEqual(yield* stateOf("a"), "Waits")
      assert.deepStrictEqual(seen, ["b ru"])
      const said = () => lines.filter((line) => line.includes("does not run here"))
      assert.lengthOf(said(), 1)
      assert.include(said()[0], "bot=a")
      outcomes.delete("a")
      yield* pass("10 seconds")
      assert.strictEqual(yield* stateOf("a"), "Here")
      assert.deepStrictEqual(seen, ["b ru", "a ru"])
    }),
  )

  it.effect("takes a bot again that another process had taken, and not at once", () =>
    Effect.gen(function* () {
      const { seen, losers, add, stateOf } = yield* makeWorld
      yield* add("a")
      yield* losers.get("a") ?? Effect.void
      yield* pass("4 seconds")
      assert.deepStrictEqual(seen, ["a ru", "a ends"])
      assert.strictEqual(yield* stateOf("a"), "Waits")
      yield* pass("2 seconds")
      assert.deepStrictEqual(seen, ["a ru", "a ends", "a ru"])
    }),
  )

  it.effect("goes on with the others where one crashes, and tries that again too", () =>
    Effect.gen(function* () {
      const { outcomes, seen, lines, add, stateOf } = yield* makeWorld
      outcomes.set("a", Effect.die("a fault of the program"))
      yield* add("a")
      yield* add("b")
      assert.strictEqual(yield* stateOf("a"), "Waits")
      assert.deepStrictEqual(seen, ["b ru"])
      assert.isTrue(lines.some((line) => line.includes("ERROR") && line.includes("bot=a")))
      outcomes.delete("a")
      yield* pass("30 seconds")
      assert.deepStrictEqual(seen, ["b ru", "a ru"])
    }),
  )
})
