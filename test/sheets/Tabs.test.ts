/** New issued tabs take the extra columns of the base tabs along, whichever is asked for first. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { account, header, issued, running, seed, vk, vkTab, world } from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const withNotes = seed([
  [...header, "Комментарий"],
  [...account(1), "старый"],
])

const issuedHeader = Workbooks.use((workbooks) =>
  Effect.map(
    workbooks.view(issued),
    (tabs) => tabs.find(({ title }) => title === vk.issuedTab)?.header ?? [],
  ),
)

describe("a new issued tab", () => {
  for (const [name, first] of [
    ["after its base tab", Tabs.use((tabs) => tabs.base(vk, vkTab, "background"))],
    ["before anybody looked at its base tab", Effect.void],
  ] as const) {
    it.effect(`has the extra columns, made ${name}`, () =>
      Effect.gen(function* () {
        yield* withNotes
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* first
            const { columns } = yield* Tabs.use((tabs) => tabs.issued(vk))
            assert.deepStrictEqual(
              columns.extras.map((extra) => extra.header),
              ["Комментарий"],
            )
          }),
        )
        assert.include(yield* issuedHeader, "Комментарий")
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("is not made without them while the base tabs cannot be read", () =>
    Effect.gen(function* () {
      yield* withNotes
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          // Only the titles of the issued spreadsheet are read.
          yield* days.plant("get", { happens: Effect.void }, "denied")
          const failed = yield* Effect.flip(Tabs.use((tabs) => tabs.issued(vk)))
          assert.strictEqual(failed._tag, "TabUnusable")
          assert.deepStrictEqual(yield* issuedHeader, [])
          yield* TestClock.adjust("1 minute")
          yield* Tabs.use((tabs) => tabs.issued(vk))
          assert.include(yield* issuedHeader, "Комментарий")
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("costs no look at the base tabs where there is nothing to make", () =>
    Effect.gen(function* () {
      yield* withNotes
      const days = yield* Days
      const once = Tabs.use((tabs) => tabs.issued(vk))
      const disk = MemoryJournal.makeDisk()
      yield* running(disk, once)
      yield* days.counts
      yield* running(disk, once)
      // One for the guards of each spreadsheet, and two for the tabs of the issued one.
      assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 4 })
    }).pipe(Effect.provide(world)),
  )

  it.effect("is known when it is made, without another look", () =>
    Effect.gen(function* () {
      yield* withNotes
      const days = yield* Days
      const made = yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* Tabs.use((tabs) => tabs.base(vk, vkTab, "background"))
          yield* days.counts
          const layout = yield* Tabs.use((tabs) => tabs.issued(vk))
          assert.deepStrictEqual((yield* days.counts).writes, 1)
          yield* Tabs.use((tabs) => tabs.forget(issued))
          return [layout, yield* Tabs.use((tabs) => tabs.issued(vk))] as const
        }),
      )
      assert.deepStrictEqual(made[0], made[1])
    }).pipe(Effect.provide(world)),
  )
})
