/** The routes of the control API where the bot runs in several processes. */
import { assert, describe } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { BotHandle, type ReplicaView } from "../../src/playground/BotHandle.ts"
import { bodyOf, get, post, scenario } from "./client.ts"

/** Two of them, one of which has no process; gives the numbers of those that were killed. */
const withReplicas = Effect.gen(function* () {
  const all: ReadonlyArray<ReplicaView> = [
    { n: 1, state: "serving", since: 1_795_337_853_000 },
    { n: 2, state: "gone", since: 1_795_337_854_000 },
  ]
  const killed = yield* Ref.make<ReadonlyArray<number>>([])
  yield* (yield* BotHandle).attach({
    ready: Effect.succeed(true),
    replicas: {
      list: Effect.succeed(all),
      kill: (n) =>
        n === 1
          ? Effect.as(
              Ref.update(killed, (before) => [...before, n]),
              true,
            )
          : Effect.succeed(false),
    },
  })
  return { all, killed: Ref.get(killed) }
})

const clock = bodyOf<{ now: string; isReal?: boolean }>(get("/sim/clock"))
const sceneIds = Effect.map(
  bodyOf<{ scenes: ReadonlyArray<{ id: string }> }>(get("/sim/scenes")),
  ({ scenes }) => scenes.map(({ id }) => id),
)

describe("replicas", () => {
  scenario(
    "there are none where the bot runs in the process of the demo",
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* get("/sim/replicas"), { status: 200, body: [] })
      assert.strictEqual((yield* post("/sim/replicas/1/kill", {})).status, 404)
      assert.notProperty(yield* clock, "isReal")
    }),
  )

  scenario(
    "are listed, and one that is there is killed",
    Effect.gen(function* () {
      const { all, killed } = yield* withReplicas
      assert.deepStrictEqual(yield* bodyOf<typeof all>(get("/sim/replicas")), all)
      assert.deepStrictEqual(yield* post("/sim/replicas/1/kill", {}), { status: 200, body: {} })
      assert.deepStrictEqual(yield* post("/sim/replicas/2/kill", {}), {
        status: 409,
        body: { error: "replica 2 is not there at this moment" },
      })
      assert.strictEqual((yield* post("/sim/replicas/3/kill", {})).status, 404)
      assert.strictEqual((yield* post("/sim/replicas/one/kill", {})).status, 400)
      assert.deepStrictEqual(yield* killed, [1])
    }),
  )

  scenario(
    "have a clock that cannot be moved, and no scene that would move it or kill all of them",
    Effect.gen(function* () {
      const before = yield* sceneIds
      yield* withReplicas
      const { now, isReal } = yield* clock
      assert.isTrue(isReal)
      assert.strictEqual((yield* post("/sim/clock", { advance: "1 day" })).status, 409)
      const late = Date.parse((yield* clock).now) - Date.parse(now)
      assert.isBelow(late, 60_000)

      const offered = yield* sceneIds
      assert.deepStrictEqual(offered, ["last-item", "lost-answer", "waiting-list"])
      for (const id of before.filter((each) => !offered.includes(each))) {
        assert.strictEqual((yield* post(`/sim/scenes/${id}`, {})).status, 409, id)
      }
      assert.strictEqual((yield* post("/sim/kill", {})).status, 409)
    }),
  )
})
