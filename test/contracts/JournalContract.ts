/** What every implementation of the Journal port keeps, as one suite. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, type Layer, Option, type Scope } from "effect"
import type { SettingsError } from "../../src/config/Settings.ts"
import {
  type DirectoryInUse,
  Journal,
  type JournalDamaged,
  type JournalSealed,
  type StorageUnavailable,
  Write,
} from "../../src/store/Journal.ts"
import { booksContract } from "./BooksContract.ts"
import {
  document,
  events,
  handled,
  intent,
  issued,
  numberOf,
  opened,
  part,
  received,
  settled,
  withdrawn,
} from "./journalFixtures.ts"

type OpenError =
  | DirectoryInUse
  | StorageUnavailable
  | JournalDamaged
  | JournalSealed
  | SettingsError

/** A journal over a fresh disk: providing it again is a restart over the same disk. */
type FreshJournal = Effect.Effect<Layer.Layer<Journal, OpenError>, never, Scope.Scope>

/** What is done with it between two restarts. */
type Session = (
  journal: Journal["Service"],
) => Effect.Effect<void, StorageUnavailable | JournalDamaged>

export type Over = (
  ...sessions: ReadonlyArray<Session>
) => Effect.Effect<void, OpenError, Scope.Scope>

export const journalContract = (name: string, fresh: FreshJournal) => {
  /** `sessions` are run one after the other, with a restart in between. */
  const over = (...sessions: ReadonlyArray<Session>) =>
    Effect.gen(function* () {
      const layer = yield* fresh
      for (const session of sessions) yield* Effect.provide(Effect.flatMap(Journal, session), layer)
    })

  describe(name, () => {
    eventsAndSnapshots(over)
    records(over)
    manyWriters(over)
    booksContract(over)
  })
}

const eventsAndSnapshots = (over: Over) => {
  it.effect("is empty at first", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* numbers(journal, "vk"), [])
        assert.deepStrictEqual(yield* journal.intents("s", 10), [])
        assert.deepStrictEqual(yield* journal.unhandled({ limit: 1_000 }), [])
        assert.deepStrictEqual(yield* journal.documents("draft"), [])
        assert.strictEqual(yield* journal.write([]), 0)
      }),
    ),
  )

  it.effect("gives a pool its events in the order of writing, before and after a restart", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const first = yield* journal.write([events("vk", 1, 2), events("ok", 3)])
        const second = yield* journal.write([events("ok", 4), events("vk", 5)])
        assert.isAbove(second, first)
        const { events: restored } = yield* journal.restore("vk")
        assert.strictEqual(restored.at(-1)?.seq, second)
        const seqs = restored.map(({ seq }) => seq)
        assert.deepStrictEqual(
          seqs,
          seqs.toSorted((a, b) => a - b),
        )
        assert.strictEqual(yield* journal.write([document("d", 1)]), second)
      }),
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* numbers(journal, "vk"), [1, 2, 5])
        assert.deepStrictEqual(yield* numbers(journal, "ok"), [3, 4])
        const last = yield* journal.write([])
        assert.strictEqual(yield* journal.write([events("vk", 6)]), last + 1)
      }),
    ),
  )

  it.effect("refuses a write whole", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([opened("s", 1)])
        const clash = [
          events("vk", 1),
          issued("vk", "a@example.com"),
          document("a", 1),
          opened("s", 1, "another"),
        ]
        const unreadable = [events("vk", 2), document("b", 10n)]
        for (const write of [clash, unreadable]) {
          const refused = yield* Effect.flip(journal.write(write)).pipe(Effect.orDie)
          assert.strictEqual(refused._tag, "StorageUnavailable")
        }
        yield* journal.write([events("vk", 3)])
      }),
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* numbers(journal, "vk"), [3])
        assert.deepStrictEqual(yield* keysOf(journal), [])
        assert.deepStrictEqual(yield* journal.booked({}, { limit: 9 }), [])
        assert.strictEqual((yield* journal.trail({ limit: 9 })).length, 1)
        assert.deepStrictEqual(yield* journal.intents("s", 9), [intent("s", 1)])
      }),
    ),
  )

  it.effect("restores a snapshot and the events after it", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const through = yield* journal.write([events("vk", 1, 2)])
        yield* journal.write([events("vk", 3)])
        yield* journal.write([snapshot(through, { sum: [1, 2] })])
        yield* journal.write([snapshot(through - 1, "an older one")])
      }),
      Effect.fnUntraced(function* (journal) {
        const { snapshot: taken } = yield* journal.restore("vk")
        assert.deepStrictEqual(Option.getOrThrow(taken).state, { sum: [1, 2] })
        assert.deepStrictEqual(yield* numbers(journal, "vk"), [3])
        assert.strictEqual((yield* journal.restore("ok")).snapshot._tag, "None")
      }),
    ),
  )

  it.effect("keeps two sets of parts of snapshots, each part the one that was written last", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([part("vk", 0, 1, 7), part("vk", 0, 0, 7), part("vk", 1, 0, 7)])
        yield* journal.write([part("vk", 0, 0, 9)])
      }),
      Effect.fnUntraced(function* (journal) {
        const partsOf = (pool: string, set: 0 | 1) =>
          Effect.map(journal.snapshotParts(pool, set), (parts) =>
            parts.map(({ through, state }) => [through, state]),
          )
        assert.deepStrictEqual(yield* partsOf("vk", 0), [
          [9, { of: [0, 9] }],
          [7, { of: [1, 7] }],
        ])
        assert.deepStrictEqual(yield* partsOf("vk", 1), [[7, { of: [0, 7] }]])
        assert.deepStrictEqual(yield* partsOf("ok", 0), [])
        // A part by itself is no snapshot.
        assert.strictEqual((yield* journal.restore("vk")).snapshot._tag, "None")
      }),
    ),
  )

  it.effect("gives all events of a pool page by page, whatever was folded into a snapshot", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const through = yield* journal.write([events("vk", 1, 2), events("ok", 3)])
        yield* journal.write([snapshot(through, { sum: [1, 2] }), events("vk", 4, 5, 6)])
      }),
      Effect.fnUntraced(function* (journal) {
        const first = yield* journal.events("vk", { after: 0, limit: 3 })
        const after = first.at(-1)?.seq ?? 0
        const second = yield* journal.events("vk", { after, limit: 3 })
        const pages = [first, second].map((page) => page.map(({ event }) => numberOf(event)))
        assert.deepStrictEqual(pages, [
          [1, 2, 4],
          [5, 6],
        ])
        const last = { after: second.at(-1)?.seq ?? 0, limit: 3 }
        assert.deepStrictEqual(yield* journal.events("vk", last), [])
        assert.deepStrictEqual(yield* journal.events("mamba", { after: 0, limit: 3 }), [])
      }),
    ),
  )

  it.effect("remembers what was issued from which pool, unless it was withdrawn", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([issued("vk", "a@example.com", "b@example.com")])
        yield* journal.write([withdrawn("vk", "b@example.com"), issued("ok", "c@example.com")])
      }),
      Effect.fnUntraced(function* (journal) {
        const keys = ["a@example.com", "b@example.com", "c@example.com"]
        assert.deepStrictEqual([...(yield* journal.issuedBefore("vk", keys))], [keys[0]])
        assert.deepStrictEqual([...(yield* journal.issuedBefore("ok", keys))], [keys[2]])
      }),
    ),
  )
}

const records = (over: Over) => {
  it.effect("keeps intents, newest first, and settles them once", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([opened("s", 1), opened("s", 2), opened("t", 1), opened("s", 3)])
        yield* journal.write([settled("s", 2, 50)])
        yield* journal.write([
          Write.cases.IntentSettled.make({ spreadsheet: "s", seq: 2, state: "void", at: 60 }),
        ])
        // The same once more, as after an unclear outcome.
        yield* journal.write([opened("s", 2)])
      }),
      Effect.fnUntraced(function* (journal) {
        const [newest, middle, ...others] = yield* journal.intents("s", 2)
        assert.deepStrictEqual(newest, intent("s", 3))
        assert.deepStrictEqual(middle, { ...intent("s", 2), state: "applied", settledAt: 50 })
        assert.deepStrictEqual(others, [])
        assert.strictEqual((yield* journal.intents("s", 99)).length, 3)
      }),
    ),
  )

  it.effect("knows an update again, and forgets what was in it", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([received(11, "first"), received(10), received(11, "again")])
        const unhandled = yield* journal.unhandled({ limit: 1_000 })
        assert.deepStrictEqual(unhandled[0], { updateId: 11, userId: 7, body: "first" })
        assert.deepStrictEqual(
          unhandled.map(({ updateId }) => updateId),
          [11, 10],
        )
        yield* journal.write([handled(11, 100), handled(99, 100)])
        yield* journal.write([received(11, "again")])
      }),
      Effect.fnUntraced(function* (journal) {
        const unhandled = yield* journal.unhandled({ limit: 1_000 })
        assert.deepStrictEqual(
          unhandled.map(({ updateId }) => updateId),
          [10],
        )
      }),
    ),
  )

  it.effect("replaces and removes documents", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([document("b", 1), document("a", 2), document("b", undefined)])
        yield* journal.write([document("c", 3), document("a", 4, "application")])
        yield* journal.write([Write.cases.DocumentRemoved.make({ kind: "draft", key: "c" })])
      }),
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* journal.documents("draft"), [
          { key: "b", body: null },
          { key: "a", body: 2 },
        ])
        assert.deepStrictEqual(yield* journal.documents("application"), [{ key: "a", body: 4 }])
      }),
    ),
  )

  it.effect("prunes what is settled, and keeps the newest intent", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        yield* journal.write([
          received(1),
          received(2),
          received(3),
          handled(1, 10),
          handled(2, 20),
        ])
        yield* journal.write([opened("s", 1), opened("s", 2), opened("s", 3), opened("t", 1)])
        yield* journal.write([settled("s", 1, 10), settled("s", 3, 10), settled("t", 1, 10)])
        yield* journal.prune(20)
        // Only number 1 is new again.
        yield* journal.write([received(1), received(2), received(3)])
      }),
      Effect.fnUntraced(function* (journal) {
        const seqs = (spreadsheet: string) =>
          Effect.map(journal.intents(spreadsheet, 9), (found) => found.map(({ seq }) => seq))
        assert.deepStrictEqual(yield* seqs("s"), [3, 2])
        assert.deepStrictEqual(yield* seqs("t"), [1])
        const ids = (yield* journal.unhandled({ limit: 1_000 })).map(({ updateId }) => updateId)
        assert.deepStrictEqual(ids, [3, 1])
      }),
    ),
  )
}

const manyWriters = (over: Over) => {
  it.effect("serves two hundred writers at once, each in its own order", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const writer = (n: number) =>
          Effect.gen(function* () {
            const first = yield* journal.write([events("vk", n), document(`${n}`, n)])
            return [first, yield* journal.write([events("vk", n + 1000)])]
          })
        const seqs = yield* Effect.forEach(
          Array.from({ length: 200 }, (_, n) => n),
          writer,
          {
            concurrency: "unbounded",
          },
        )
        assert.strictEqual(new Set(seqs.flat()).size, 400)
      }),
      Effect.fnUntraced(function* (journal) {
        const written = yield* numbers(journal, "vk")
        assert.strictEqual(new Set(written).size, 400)
        assert.strictEqual((yield* keysOf(journal)).length, 200)
        for (let n = 0; n < 200; n++) {
          assert.isBelow(written.indexOf(n), written.indexOf(n + 1000))
        }
      }),
    ),
  )

  it.effect("drains: what was asked for stands, whoever waits for it", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const patient = yield* Effect.forkChild(journal.write([document("patient", 1)]), {
          startImmediately: true,
        })
        const gone = yield* Effect.forkChild(journal.write([document("gone", 1)]), {
          startImmediately: true,
        })
        yield* Fiber.interrupt(gone)
        yield* journal.drain
        assert.deepStrictEqual(yield* keysOf(journal), ["patient", "gone"])
        yield* Fiber.join(patient)
      }),
    ),
  )

  it.effect("finishes what was asked for before it closes", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const write = journal.write([events("vk", 1)])
        yield* Effect.forkDetach(write, { startImmediately: true })
      }),
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* numbers(journal, "vk"), [1])
      }),
    ),
  )
}

const numbers = Effect.fnUntraced(function* (journal: Journal["Service"], pool: string) {
  const restored = yield* journal.restore(pool)
  return restored.events.map(({ event }) => numberOf(event))
})

const keysOf = (journal: Journal["Service"]) =>
  Effect.map(journal.documents("draft"), (documents) => documents.map(({ key }) => key))

const snapshot = (through: number, state: unknown) =>
  Write.cases.SnapshotTaken.make({ pool: "vk", through, state })
