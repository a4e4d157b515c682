import * as Path from "node:path"
import * as PgPool from "@effect/sql-pg/PgPool"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Queue } from "effect"
import { TestClock } from "effect/testing"
import { listenerLook, listenerPatience } from "../../src/config/Limits.ts"
import { listening } from "../../src/store/postgres/listening.ts"
import { openProxy } from "./postgresProxy.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"

describe.skipIf(!isPostgresHere)("what is told on a channel", () => {
  const server = usePostgres()
  const pause = Duration.seconds(1)

  /** Listens by way of a proxy. */
  const hearing = Effect.fnUntraced(function* (name: string) {
    const proxy = yield* Effect.acquireRelease(
      Effect.promise(() => openProxy(Path.join(server.directory, name), server.directory)),
      ({ close }) => Effect.sync(close),
    )
    const pool = yield* PgPool.make({
      url: server.url("postgres", proxy.directory),
      maxConnections: 1,
    })
    const heard = yield* Queue.unbounded<string>()
    const running = yield* listening(pool, name, {
      begun: Queue.offer(heard, "begun"),
      told: (payload) => Queue.offer(heard, payload),
      pause,
    }).pipe(Effect.forkScoped)
    assert.strictEqual(yield* Queue.take(heard), "begun")
    const tell = (what: string) => server.query(`NOTIFY ${name}, '${what}'`)
    return { proxy, heard, running, tell }
  })

  it.effect("is heard again after the connection was cut without a goodbye", () =>
    Effect.gen(function* () {
      const { proxy, heard, tell } = yield* hearing("cut")
      yield* tell("one")
      assert.strictEqual(yield* Queue.take(heard), "one")
      const lost = proxy.lost()
      proxy.cut = "hang"
      yield* TestClock.adjust(listenerLook)
      yield* Effect.promise(() => lost)
      yield* TestClock.adjust(listenerPatience)
      // The driver takes some seconds to give the connection up.
      const turning = yield* server
        .query("SELECT pg_sleep(0.1)")
        .pipe(Effect.andThen(TestClock.adjust(pause)), Effect.forever, Effect.forkChild)
      assert.strictEqual(yield* Queue.take(heard), "begun")
      yield* Fiber.interrupt(turning)
      yield* tell("two")
      assert.strictEqual(yield* Queue.take(heard), "two")
    }),
  )

  it.effect("keeps nobody who stops hearing it, also where the connection was cut", () =>
    Effect.gen(function* () {
      const { proxy, running } = yield* hearing("stopped")
      const lost = proxy.lost()
      proxy.cut = "hang"
      const stopping = yield* Effect.forkChild(Fiber.interrupt(running))
      yield* Effect.promise(() => lost)
      yield* TestClock.adjust(listenerPatience)
      yield* Fiber.join(stopping)
    }),
  )
})
