/** The check of the books over a journal: quiet where they agree, loud where anything is adrift. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Option, Schema } from "effect"
import { TestClock } from "effect/testing"
import { checkLinesMax, checkPageMax, recountPeriod } from "../../src/config/Limits.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { type Checked, Conservation, sumOf } from "../../src/pool/Conservation.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { StorageUnavailable } from "../../src/store/Journal.ts"
import { capture } from "../observe/logged.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { anItem, anna, by, issue, load, names, poolsOn, stocked } from "./fixtures.ts"

const on = (disk: MemoryDisk, bend?: Parameters<typeof poolsOn>[1]) =>
  Conservation.layer.pipe(Layer.provideMerge(poolsOn(disk, bend)))

const check = Effect.flatMap(
  Conservation.use((conservation) => conservation.check),
  Effect.fromOption,
).pipe(Effect.orDie)

const problems = ({ balances }: Checked) =>
  balances.flatMap(({ differences }) => differences.map(({ problem }) => problem))

const raised = Alarms.use((alarms) => alarms.raised)

/** Four items: one stays, one is in somebody's hands, two wait for the sheet. */
const used = Effect.gen(function* () {
  const pools = yield* stocked(4)
  const { issuances } = yield* pools.ask("mamba", issue(1, { quantity: 3 }))
  for (const { id } of issuances.slice(1)) {
    yield* pools.ask("mamba", { _tag: "Confirm", status: "good", ...by(id, anna) })
  }
})

/** Events of the pool on the disk, changed by hand while nothing runs. */
const tamper = (disk: MemoryDisk, change: (bodies: Array<string>) => ReadonlyArray<string>) => {
  const stored = disk.tables.events.get("mamba") ?? []
  const bodies = change(stored.map(({ body }) => body))
  const left = bodies.map((body, index) => ({ seq: index + 1, at: 0, body }))
  disk.tables.events.set("mamba", left)
}

describe("the check of the books", () => {
  it.effect("says where everything is, and is quiet", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const conservation = yield* Conservation
      yield* used
      assert.isTrue(Option.isNone(yield* conservation.last))
      const checked = yield* Effect.provide(check, layer)
      const mamba = checked.balances.find(({ resource }) => resource === "mamba")
      assert.deepStrictEqual(mamba, {
        resource: "mamba",
        read: 4,
        counts: { available: 1, pending: 1, buffer: 2 },
        differences: [],
      })
      assert.deepStrictEqual(sumOf(checked), { items: 4, adrift: 0 })
      assert.deepStrictEqual(yield* conservation.last, Option.some(checked))
      assert.deepStrictEqual([lines, yield* raised], [[], []])
    }).pipe(Effect.provide(on(MemoryJournal.makeDisk()))),
  )

  it.effect("reads the events of years page by page", () =>
    Effect.gen(function* () {
      const pools = yield* stocked(1)
      for (let turn = 0; turn < checkPageMax + 7; turn++) {
        const note = String(turn)
        yield* pools.manage("mamba", { _tag: "Pause", note, admin: anna })
      }
      yield* pools.tell("mamba", load("t2", ["behind the first page"]))
      assert.strictEqual(sumOf(yield* check).items, 2)
    }).pipe(Effect.provide(on(MemoryJournal.makeDisk()))),
  )

  it.effect("takes no notice of what happens while it counts", () => {
    const disk = MemoryJournal.makeDisk()
    let meanwhile: Effect.Effect<void> = Effect.void
    const layer = on(disk, (journal) => ({
      events: (pool, page) =>
        Effect.andThen(pool === "mamba" ? meanwhile : Effect.void, journal.events(pool, page)),
    }))
    return Effect.gen(function* () {
      const pools = yield* stocked(4)
      meanwhile = Effect.suspend(() => {
        meanwhile = Effect.void
        return pools.ask("mamba", issue(9, { quantity: 2 })).pipe(Effect.orDie, Effect.asVoid)
      })
      const checked = yield* check
      assert.deepStrictEqual(problems(checked), [])
      const counts = checked.balances.map(({ counts: each }) => each)
      assert.deepInclude(counts, { available: 4 })
      assert.strictEqual((yield* pools.stock("mamba")).pending, 2)
    }).pipe(Effect.provide(layer))
  })

  it.effect("an event gone from the journal: an error by id, and an alarm until it is mended", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const { lines, layer } = yield* capture
      yield* Effect.provide(used, poolsOn(disk))
      const whole = [...(disk.tables.events.get("mamba") ?? [])]
      tamper(disk, (bodies) => bodies.filter((body) => !body.includes('"Issued"')))
      const checked = yield* Effect.gen(function* () {
        const found = yield* check
        assert.deepStrictEqual(yield* raised, [
          { _tag: "ItemsAdrift", resource: "mamba", count: problems(found).length },
        ])
        disk.tables.events.set("mamba", whole)
        yield* check
        return found
      }).pipe(Effect.provide(Layer.merge(on(disk), layer)))
      assert.deepStrictEqual(
        problems(checked).filter((problem) => problem !== "outOfPlace"),
        [],
      )
      assert.include(lines, "the books differ")
    }),
  )

  it.effect("a snapshot that lost an item, as a wrong evolve would have left it", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        yield* used
        yield* Pools.use((pools) => pools.snapshot)
      }).pipe(Effect.provide(poolsOn(disk)))
      const taken = disk.tables.snapshots.get("mamba")!
      const state = { ...JSON.parse(taken.state), available: [] }
      disk.tables.snapshots.set("mamba", { ...taken, state: JSON.stringify(state) })
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(problems(yield* check), ["missing"])
        // Told once more with other facts, and cleared by none.
        assert.lengthOf(yield* raised, 1)
      }).pipe(Effect.provide(on(disk)))
    }),
  )

  it.effect("a journal that cannot be read: no result, the one before stands", () => {
    const disk = MemoryJournal.makeDisk()
    let isBroken = false
    const refusal = new StorageUnavailable({ operation: "events", cause: "broken" })
    const layer = on(disk, (journal) => ({
      events: (pool, page) => (isBroken ? Effect.fail(refusal) : journal.events(pool, page)),
    }))
    return Effect.gen(function* () {
      const conservation = yield* Conservation
      yield* stocked(1)
      const before = yield* conservation.check
      isBroken = true
      assert.isTrue(Option.isNone(yield* conservation.check))
      assert.deepStrictEqual(yield* conservation.last, before)
      assert.deepStrictEqual(yield* conservation.first, before)
    }).pipe(Effect.provide(layer))
  })

  it.effect("who waits for the first check hears of it also when it failed", () => {
    const refusal = new StorageUnavailable({ operation: "events", cause: "broken" })
    const layer = on(MemoryJournal.makeDisk(), () => ({ events: () => Effect.fail(refusal) }))
    return Effect.gen(function* () {
      const conservation = yield* Conservation
      const waiting = yield* Effect.forkChild(conservation.first)
      yield* conservation.check
      assert.isTrue(Option.isNone(yield* Fiber.join(waiting)))
    }).pipe(Effect.provide(layer))
  })

  it.effect("logs ids and counts, and nothing of an item", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.provide(stocked(3), poolsOn(disk))
      tamper(disk, (bodies) => [...bodies, ...bodies])
      const checked = yield* Effect.provide(check, on(disk))
      const found = checked.balances.flatMap(({ differences }) => differences)
      assert.deepStrictEqual(
        found.map(({ item, problem }) => [item, problem]),
        names(3).map((name) => [anItem(name).id, "loadedTwice"]),
      )
    }),
  )
})

describe("books that were set down", () => {
  /** Where the checks of this pool began to read. */
  const watched = (disk: MemoryDisk) => {
    const began: Array<number> = []
    const layer = on(disk, (journal) => ({
      events: (pool, page) =>
        Effect.suspend(() => {
          if (pool === "mamba") began.push(page.after)
          return journal.events(pool, page)
        }),
    }))
    return { began, layer }
  }

  const pause = (note: number) =>
    Pools.use((pools) => pools.manage("mamba", { _tag: "Pause", note: String(note), admin: anna }))

  const newest = (disk: MemoryDisk) => disk.tables.events.get("mamba")?.at(-1)?.seq ?? 0

  /** What lies on the disk under this kind. */
  const bodiesOf = (disk: MemoryDisk, kind: string) => disk.tables.documents.get(kind)

  it.effect("are gone on from, and read no event again", () => {
    const disk = MemoryJournal.makeDisk()
    const { began, layer } = watched(disk)
    return Effect.gen(function* () {
      yield* used
      const before = yield* check
      const through = newest(disk)
      yield* pause(1)
      began.length = 0
      const after = yield* check
      assert.deepStrictEqual(began, [through])
      assert.deepStrictEqual(after.balances, before.balances)
      // Without a new event nothing is written.
      began.length = 0
      const { commits } = disk
      assert.deepStrictEqual((yield* check).balances, before.balances)
      assert.deepStrictEqual([began, disk.commits], [[newest(disk)], commits])
    }).pipe(Effect.provide(layer))
  })

  it.effect("show a fault in the events since, with all that a count from the first one says", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        yield* used
        assert.deepStrictEqual(problems(yield* check), [])
        yield* Pools.use((pools) => pools.ask("mamba", issue(7)))
      }).pipe(Effect.provide(on(disk)))
      const at = disk.tables.events
        .get("mamba")
        ?.findLastIndex(({ body }) => body.includes('"Issued"'))
      // The last issuing is there twice: one item in the hands of two people.
      tamper(disk, (bodies) => bodies.toSpliced(at ?? 0, 0, bodies[at ?? 0] ?? ""))
      const { began, layer } = watched(disk)
      const found = yield* Effect.provide(check, layer)
      assert.include(problems(found), "issuedTwice")
      assert.isAbove(began[0] ?? 0, 0)
      assert.include(began, 0)
      // They stay where they were, so the next check finds it too.
      assert.deepStrictEqual(problems(yield* Effect.provide(check, on(disk))), problems(found))
    }),
  )

  const damages: ReadonlyArray<readonly [string, (disk: MemoryDisk) => void]> = [
    ["a line is missing", (disk) => change(disk, (lines) => lines.slice(1))],
    [
      "a line puts an item elsewhere",
      (disk) => change(disk, ([, ...lines]) => [["open", anItem("n0").id, "written"], ...lines]),
    ],
    ["a line is none", (disk) => change(disk, ([, ...lines]) => [["open", 7], ...lines])],
    ["a part is missing", (disk) => bodiesOf(disk, "books mamba a 0")?.clear()],
    [
      "another program wrote them",
      (disk) => {
        const head = bodiesOf(disk, "books")?.get("mamba") ?? ""
        bodiesOf(disk, "books")?.set("mamba", head.replace(/"program":"[^"]*"/, '"program":"0.1"'))
      },
    ],
    [
      "they are ahead of the journal",
      (disk) => {
        const head = bodiesOf(disk, "books")?.get("mamba") ?? ""
        bodiesOf(disk, "books")?.set("mamba", head.replace(/"through":\d+/, '"through":9999'))
      },
    ],
  ]

  const Lines = Schema.fromJsonString(Schema.Array(Schema.Unknown))
  const change = (
    disk: MemoryDisk,
    f: (lines: ReadonlyArray<unknown>) => ReadonlyArray<unknown>,
  ) => {
    const part = bodiesOf(disk, "books mamba a 0")
    const lines = Schema.decodeSync(Lines)(part?.get("mamba") ?? "")
    part?.set("mamba", Schema.encodeSync(Lines)(f(lines)))
  }

  for (const [what, damage] of damages) {
    it.effect(`are not believed where ${what}`, () => {
      const disk = MemoryJournal.makeDisk()
      const { began, layer } = watched(disk)
      return Effect.gen(function* () {
        yield* used
        const { balances } = yield* check
        yield* pause(1)
        damage(disk)
        began.length = 0
        const { lines, layer: log } = yield* capture
        assert.deepStrictEqual((yield* Effect.provide(check, log)).balances, balances)
        assert.strictEqual(began[0], 0)
        assert.deepStrictEqual(lines, [])
      }).pipe(Effect.provide(layer))
    })
  }

  it.effect("are the former or the new ones, whenever the process is killed", () =>
    Effect.gen(function* () {
      for (let kill = 0; ; kill += 1) {
        const disk = MemoryJournal.makeDisk()
        let left = Infinity
        const refusal = new StorageUnavailable({ operation: "write", cause: "killed" })
        const dying = on(disk, (journal) => ({
          write: (writes) =>
            Effect.suspend(() => {
              if (left === 0) return Effect.fail(refusal)
              left -= 1
              return journal.write(writes)
            }),
        }))
        const isDone = yield* Effect.gen(function* () {
          const count = checkLinesMax + 500
          const pools = yield* stocked(count)
          yield* check
          // Fewer lines than before, so one part less.
          yield* pools.manage("mamba", {
            _tag: "Clear",
            version: (yield* pools.stock("mamba")).version,
            admin: anna,
          })
          left = kill
          return Option.isSome(yield* Conservation.use((conservation) => conservation.check))
        }).pipe(Effect.provide(dying))
        const { began, layer } = watched(disk)
        yield* Effect.gen(function* () {
          const { balances } = yield* check
          assert.deepStrictEqual(problems({ at: 0, balances }), [])
          assert.notInclude(began, 0)
          yield* pause(kill)
          yield* check
          // Nothing is left of books that were not finished.
          const parts = [...disk.tables.documents]
            .filter(([kind, bodies]) => kind.startsWith("books mamba") && bodies.size > 0)
            .map(([kind]) => kind.slice(0, "books mamba a".length))
          assert.lengthOf(new Set(parts), 1)
        }).pipe(Effect.provide(layer))
        if (isDone) return
        assert.isBelow(kill, 20)
      }
    }),
  )

  it.effect("are no reason not to look at the events before them once a week, at night", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        yield* used
        yield* check
        yield* pause(1)
        yield* Pools.use((pools) => pools.snapshot)
      }).pipe(Effect.provide(on(disk)))
      // Memory comes from the snapshot, so only a count of the first event can see it.
      tamper(disk, (bodies) => [bodies.at(-1) ?? "", ...bodies.slice(1)])
      const { began, layer } = watched(disk)
      yield* Effect.gen(function* () {
        yield* TestClock.adjust(Duration.toMillis(recountPeriod) - 1)
        assert.deepStrictEqual(problems(yield* check), [])
        assert.deepStrictEqual(problems(yield* check), [])
        yield* TestClock.adjust(1)
        assert.notDeepEqual(problems(yield* check), [])
        assert.include(began, 0)
      }).pipe(Effect.provide(layer))
      yield* Effect.gen(function* () {
        // Right after a start people wait.
        assert.deepStrictEqual(problems(yield* check), [])
        assert.notDeepEqual(problems(yield* check), [])
      }).pipe(Effect.provide(on(disk)))
    }),
  )
})
