import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Ref } from "effect"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { type Applied, Guard } from "../../src/sheets/Guard.ts"
import { guardId } from "../../src/sheets/GuardChain.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import type { SheetsError } from "../../src/sheets/SheetsError.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  accounts,
  alarmTags,
  botOver,
  during,
  killedAfter,
  pass,
  rowsOf,
  running,
  stocked,
  vkTab,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

/** Appends one row. */
const append = (text: string, kind: "setup" | "correction" = "setup") =>
  Effect.gen(function* () {
    const guard = yield* Guard
    const sheetId = 0
    const rows = [{ values: [{ userEnteredValue: { stringValue: text } }] }]
    const requests = [{ appendCells: { sheetId, fields: "userEnteredValue", rows } }]
    return yield* guard.write(
      {
        spreadsheet: accounts,
        kind,
        urgency: "background",
        plan: () => Effect.succeedSome({ about: null, requests }),
      },
      ({ answer }: Applied) => Effect.succeed(Option.isSome(answer)),
    )
  })

const texts = Effect.map(rowsOf(accounts, vkTab.title), (rows) => rows.map(({ cells }) => cells[0]))

/** Puts the guard of somebody else's write with that number on the sheet. */
const stranger = (seq: number, at = 0) =>
  Effect.gen(function* () {
    const workbooks = yield* Workbooks
    const metadata = {
      metadataId: guardId(seq),
      metadataKey: "inv.seq",
      metadataValue: `${seq}@${at}@STRANGER@claim@OTHER`,
      location: { spreadsheet: true },
      visibility: "DOCUMENT",
    }
    yield* Effect.orDie(
      workbooks.batchUpdate(accounts, {
        requests: [{ createDeveloperMetadata: { developerMetadata: metadata } }],
      }),
    )
  })

const reasonOf = <A, R>(
  effect: Effect.Effect<A, SheetsError | { readonly _tag: "StorageUnavailable" }, R>,
) =>
  Effect.map(Effect.flip(effect), (error) =>
    error._tag === "SheetsError" ? error.reason._tag : error._tag,
  )

const guards = Effect.gen(function* () {
  const client = yield* SheetsClient
  const found = yield* client.searchMetadata(accounts, "inv.seq", "background")
  return found.map(({ metadataId }) => metadataId - guardId(0)).toSorted((a, b) => a - b)
})

const states = Effect.gen(function* () {
  const intents = yield* (yield* Journal).intents(accounts, 100)
  return intents.map(({ seq, state }) => `${seq} ${state}`)
})

const alone = <A, E, R>(effect: Effect.Effect<A, E, R>) => running(MemoryJournal.makeDisk(), effect)

describe("Guard", () => {
  it.effect("numbers the writes, one after another, also when they are asked for at once", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* alone(
        Effect.gen(function* () {
          yield* Effect.all(
            ["a", "b", "c"].map((text) => append(text)),
            { concurrency: 3 },
          )
          assert.deepStrictEqual(yield* guards, [1, 2, 3])
          assert.deepStrictEqual(yield* states, ["3 applied", "2 applied", "1 applied"])
        }),
      )
      assert.deepStrictEqual(
        (yield* texts).map(String).toSorted((a, b) => a.localeCompare(b)),
        ["a", "b", "c"],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("has the write in the journal before a byte leaves", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Effect.gen(function* () {
          const journal = yield* Journal
          const seen = yield* Ref.make<ReadonlyArray<string>>([])
          const look = journal.intents(accounts, 9).pipe(
            Effect.orDie,
            Effect.flatMap((all) =>
              Ref.set(
                seen,
                all.map(({ state }) => state),
              ),
            ),
          )
          yield* days.plant("batchUpdate", { happens: look })
          yield* append("a")
          assert.deepStrictEqual(yield* Ref.get(seen), ["open"])
          yield* days.counts
          disk.failing = true
          assert.strictEqual(yield* reasonOf(append("b")), "StorageUnavailable")
          assert.strictEqual((yield* days.counts).writes, 0)
          disk.failing = false
          yield* append("c")
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a", "c"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("gives up a refused write: nothing was on its way, so nothing is sent", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const days = yield* Days
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          yield* workbooks.edit(accounts, { op: "protect", tab: vkTab.title })
          yield* days.counts
          assert.strictEqual(yield* reasonOf(append("b")), "Refused")
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
          yield* workbooks.edit(accounts, { op: "protect", tab: vkTab.title, protected: false })
          yield* append("c")
          assert.deepStrictEqual(yield* states, ["3 applied", "2 void", "1 applied"])
          yield* pass("31 minutes")
          yield* append("d")
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a", "c", "d"])
      assert.deepStrictEqual(yield* alarmTags, [])
    }).pipe(Effect.provide(world)),
  )
})

describe("Guard, giving up", () => {
  it.effect("burns the number of a refused write that may still land", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const tab = vkTab.title
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          const protect = Effect.orDie(workbooks.edit(accounts, { op: "protect", tab }))
          yield* days.plant("batchUpdate", "late", { happens: protect })
          assert.strictEqual(yield* during("1 minute", reasonOf(append("b"))), "Refused")
          yield* workbooks.edit(accounts, { op: "protect", tab, protected: false })
          yield* days.land
          assert.deepStrictEqual(yield* guards, [1, 2])
          yield* append("c")
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a", "c"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("burns a number although nobody answers to that", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const days = yield* Days
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          const protect = Effect.orDie(
            workbooks.edit(accounts, { op: "protect", tab: vkTab.title }),
          )
          yield* days.plant("batchUpdate", "late", { happens: protect }, "lostAnswer")
          assert.strictEqual(yield* during("1 minute", reasonOf(append("b"))), "Refused")
          assert.deepStrictEqual(yield* states, ["2 void", "1 applied"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes nothing for certain that a former run of the bot may have sent", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const tab = vkTab.title
      const disk = MemoryJournal.makeDisk()
      yield* days.plant("batchUpdate", { happens: Effect.void }, "late")
      yield* days.plant("metadata", "hang")
      const doomed = Effect.andThen(append("a"), append("b"))
      yield* killedAfter("10 seconds", running(disk, doomed))
      yield* workbooks.edit(accounts, { op: "protect", tab })
      assert.deepStrictEqual(yield* during("1 minute", running(disk, states)), [
        "2 void",
        "1 applied",
      ])
      yield* workbooks.edit(accounts, { op: "protect", tab, protected: false })
      yield* days.land
      assert.deepStrictEqual(yield* texts, ["a"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("learns that a write was applied after all when it gives its number away", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const tab = vkTab.title
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          const protect = Effect.orDie(workbooks.edit(accounts, { op: "protect", tab }))
          const unprotect = Effect.orDie(
            workbooks.edit(accounts, { op: "protect", tab, protected: false }),
          )
          const landing = Effect.andThen(unprotect, days.land)
          yield* days.plant(
            "batchUpdate",
            "late",
            { happens: protect },
            { happens: Effect.suspend(() => landing) },
          )
          assert.deepStrictEqual(yield* during("1 minute", append("b")), Option.some(false))
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a", "b"])
    }).pipe(Effect.provide(world)),
  )
})

describe("Guard, not alone", () => {
  it.effect("stops when a stranger uses its number, and tells", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          yield* stranger(2)
          assert.strictEqual(yield* reasonOf(append("b")), "AnotherWriter")
          yield* days.counts
          assert.strictEqual(yield* reasonOf(append("c")), "AnotherWriter")
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 0 })
          assert.deepStrictEqual(yield* alarmTags, ["AnotherWriter"])
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a"])
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "tells nobody of a stranger where the journal says that another process has the bot",
    () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const disk = MemoryJournal.makeDisk()
        const isLost = yield* Ref.make(false)
        const takenOver = Layer.effect(
          Journal,
          Effect.map(Journal, (journal) =>
            Journal.of({
              ...journal,
              write: (writes) =>
                Effect.flatMap(Ref.get(isLost), (lost) =>
                  lost ? Effect.never : journal.write(writes),
                ),
            }),
          ),
        ).pipe(Layer.provide(MemoryJournal.layer(disk)))
        yield* Effect.gen(function* () {
          yield* append("a")
          yield* pass("31 minutes")
          yield* stranger(2, 1900)
          yield* Ref.set(isLost, true)
          const writing = yield* Effect.forkChild(append("b"))
          yield* pass("1 minute")
          assert.isUndefined(writing.pollUnsafe())
          assert.deepStrictEqual(yield* alarmTags, [])
        }).pipe(Effect.provide(botOver(takenOver), { local: true }))
        assert.deepStrictEqual(yield* texts, ["a"])
      }).pipe(Effect.provide(world)),
  )

  it.effect("does not start while another copy is writing, and takes over when it is silent", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* stranger(7)
      const disk = MemoryJournal.makeDisk()
      const busy = running(disk, Effect.void)
      assert.strictEqual(yield* reasonOf(busy), "AnotherWriter")
      yield* pass("2 minutes")
      yield* running(
        disk,
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* alarmTags, [])
          yield* append("a")
          assert.deepStrictEqual(yield* guards, [7, 8])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "takes over from a copy that is silent, also when it has nothing to write for long",
    () =>
      Effect.gen(function* () {
        yield* stocked(0)
        yield* stranger(7)
        yield* pass("3 minutes")
        yield* alone(
          Effect.gen(function* () {
            yield* pass("20 minutes")
            yield* append("a")
            yield* pass("20 minutes")
            yield* append("b")
            yield* stranger(10, 2600)
            yield* pass("20 minutes")
            assert.strictEqual(yield* reasonOf(append("c")), "AnotherWriter")
          }),
        )
        assert.deepStrictEqual(yield* texts, ["a", "b"])
      }).pipe(Effect.provide(world)),
  )

  it.effect("looks whether the chain is still its own after some minutes of rest", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          yield* pass("5 minutes")
          yield* days.counts
          yield* append("b")
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
          yield* append("c")
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
          yield* pass("31 minutes")
          yield* stranger(9, 1900)
          assert.strictEqual(yield* reasonOf(append("d")), "AnotherWriter")
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a", "b", "c"])
    }).pipe(Effect.provide(world)),
  )
})

describe("Guard, over time", () => {
  for (const strictPrune of [false, true]) {
    it.effect(`removes old guards, also one that is gone: strict ${strictPrune}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const workbooks = yield* Workbooks
        const days = yield* Days
        yield* workbooks.configure({ strictPrune })
        const disk = MemoryJournal.makeDisk()
        yield* running(
          disk,
          Effect.gen(function* () {
            yield* Effect.forEach(Array.from({ length: 70 }), (_, index) => append(`${index}`))
            yield* Effect.orDie(
              workbooks.batchUpdate(accounts, {
                requests: [
                  {
                    deleteDeveloperMetadata: {
                      dataFilter: { developerMetadataLookup: { metadataId: guardId(2) } },
                    },
                  },
                ],
              }),
            )
            yield* pass("61 minutes")
            yield* days.counts
            yield* append("after")
            assert.strictEqual((yield* days.counts).writes, strictPrune ? 2 : 1)
            assert.strictEqual((yield* guards).includes(1), strictPrune)
            yield* append("again")
            assert.strictEqual((yield* days.counts).writes, 1)
            const standing = yield* guards
            assert.includeMembers(standing, [8, 9, 71, 72])
            if (!strictPrune) assert.notInclude(standing, 6)
          }),
        )
        assert.strictEqual((yield* texts).length, 72)
        yield* running(disk, append("restarted"))
        assert.strictEqual((yield* texts).length, 73)
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("tells that Google does not answer, and waits for it", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* alone(
        Effect.gen(function* () {
          yield* append("a")
          yield* days.plant(
            "batchUpdate",
            ...Array.from({ length: 5 }, () => "lostRequest" as const),
          )
          const fiber = yield* Effect.forkChild(append("b"))
          yield* pass("1 minute")
          assert.deepStrictEqual(yield* alarmTags, ["SheetsUnavailable"])
          yield* pass("2 minutes")
          yield* Fiber.join(fiber)
          assert.deepStrictEqual(yield* alarmTags, [])
        }),
      )
      assert.deepStrictEqual(yield* texts, ["a", "b"])
    }).pipe(Effect.provide(world)),
  )
})
