/** All work of the scheduler at once, as in the program. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import * as Recovery from "../../src/scheduler/Recovery.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { autoConfirmTimer, persistTimer } from "../../src/scheduler/Timers.ts"
import { capture } from "../observe/logged.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  available,
  buffered,
  issuedRows,
  Line,
  pass,
  raised,
  running,
  say,
  stocked,
  take,
  vkTab,
  world,
} from "./bench.ts"

const scheduler = Layer.mergeAll(
  Recovery.layer,
  Refill.layerLoops,
  Flusher.layer,
  autoConfirmTimer,
  persistTimer,
)

const open = CaughtUp.use((caughtUp) => caughtUp.open)

describe("the scheduler", () => {
  it.effect("brings an item from the base tab to the issued tab, over a restart", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      const disk = MemoryJournal.makeDisk()
      const ids = yield* running(
        disk,
        scheduler,
        Effect.gen(function* () {
          yield* open
          yield* pass("10 seconds")
          const taken = yield* take("vk", 2)
          yield* say("vk", "Confirm", "block", taken.slice(0, 1))
          yield* pass("1 minute")
          assert.deepStrictEqual(yield* issuedRows("vk"), [`${taken[0]} Блок`])
          return taken
        }),
      )
      yield* TestClock.adjust("9 minutes")
      yield* running(
        disk,
        scheduler,
        Effect.gen(function* () {
          assert.strictEqual(yield* available("vk"), 10)
          yield* open
          yield* pass("1 minute")
          assert.deepStrictEqual(yield* issuedRows("vk"), [`${ids[0]} Блок`, `${ids[1]} Хороший`])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("goes on with the other works when one crashes in every round", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      const { lines, layer } = yield* capture
      const broken = Layer.effect(
        Pools,
        Effect.map(Pools, (pools) =>
          Pools.of({
            ...pools,
            snapshot: Effect.die(new Error("a defect")),
            corrections: () => Effect.die(new Error("a defect")),
          }),
        ),
      )
      yield* running(
        MemoryJournal.makeDisk(),
        scheduler.pipe(Layer.provide(broken)),
        Effect.gen(function* () {
          yield* open
          yield* pass("10 seconds")
          const [id] = yield* take("vk", 1)
          yield* pass("11 minutes")
          assert.deepStrictEqual(yield* issuedRows("vk"), [`${id} Хороший`])
        }),
      ).pipe(Effect.provide(layer))
      assert.sameMembers([...new Set(lines)], ["persist failed", "correction failed"])
      assert.isAtLeast(lines.length, 20)
    }).pipe(Effect.provide(world)),
  )

  it.effect("serves people from memory while Google is silent for an hour, and loses nothing", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 60 })
      const { cut } = yield* Line
      yield* running(
        MemoryJournal.makeDisk(),
        scheduler,
        Effect.gen(function* () {
          yield* open
          yield* pass("45 seconds")
          yield* Ref.set(cut, true)
          const ids = [...(yield* take("vk", 5)), ...(yield* take("vk", 5))]
          yield* pass("30 minutes")
          ids.push(...(yield* take("vk", 5)), ...(yield* take("vk", 5)))
          yield* pass("15 minutes")
          ids.push(...(yield* take("vk", 2)))
          yield* pass("15 minutes")
          assert.strictEqual(yield* buffered("vk"), 22)
          assert.sameMembers(yield* raised, [
            "demo-issued unreachable",
            "demo-accounts unreachable",
          ])
          yield* Ref.set(cut, false)
          yield* pass("5 minutes")
          assert.deepStrictEqual(yield* raised, [])
          assert.strictEqual(yield* available("vk"), 38)
          assert.sameMembers(
            [...(yield* issuedRows("vk"))],
            ids.map((id) => `${id} Хороший`),
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
