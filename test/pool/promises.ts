/** What a pool promises of every state that a script can bring it to. */
import { assert } from "@effect/vitest"
import { Chunk, HashMap, Option } from "effect"
import { TelegramId } from "../../src/domain/Employee.ts"
import { placeOf } from "../../src/domain/Issuance.ts"
import * as Available from "../../src/pool/Available.ts"
import { liveOf, type PoolState } from "../../src/pool/State.ts"
import { returningOf } from "../../src/pool/View.ts"
import type { World } from "./script.ts"

const sorted = (ids: ReadonlyArray<string>) => ids.toSorted()

const thrownIn = ({ trash }: PoolState) =>
  trash.flatMap(({ queued }) => queued.map(({ item }) => item))

const placesOf = (state: PoolState) => [
  ...Available.all(state.available).map(({ item }) => item.id),
  ...liveOf(state).map(({ issuance }) => issuance.item.id),
  ...Chunk.toReadonlyArray(state.quarantine).map(({ id }) => id),
  ...returningOf(state).map(({ id }) => id),
  ...thrownIn(state).map(({ id }) => id),
]

export const check = (world: World) => {
  const { state } = world.rules
  const places = [...placesOf(state), ...world.retired, ...world.returned, ...world.gone]
  assert.deepStrictEqual(sorted(places), sorted(world.loaded), "conservation")
  const live = liveOf(state).map(({ issuance }) => issuance)
  const keys = [
    ...Available.all(state.available).map(({ item }) => item.key),
    ...live.map(({ item }) => item.key),
    ...returningOf(state).map(({ key }) => key),
    ...thrownIn(state).map(({ key }) => key),
  ]
  assert.strictEqual(new Set(keys).size, keys.length, "no key twice")
  assert.deepStrictEqual(sorted([...state.keys]), sorted(keys), "the keys in use")
  for (const [key, { ids }] of HashMap.entries(state.requests)) {
    const own = live.filter(({ request }) => request === key).map(({ id }) => id)
    assert.deepStrictEqual(sorted(ids), sorted(own), "a request knows its issuances")
  }
  for (const { request, holder } of live) {
    const asked = Option.getOrThrow(HashMap.get(state.requests, request)).request
    assert.strictEqual(asked.by, holder, "a request has one holder")
  }
  for (const id of [101, 102, 103].map((each) => TelegramId.make(each))) {
    const pending = live.filter(({ holder, mark }) => holder === id && mark === null).length
    const counted = HashMap.toEntries(state.pendingBy).find(([holder]) => holder === id)?.[1] ?? 0
    assert.strictEqual(counted, pending, "the count of pending items")
  }
  for (const issuance of live) {
    const waits = placeOf(issuance) === "buffer" || placeOf(issuance) === "correction"
    assert.isFalse(waits && issuance.abandoned !== undefined, "given up and waiting for its row")
  }
  for (const original of live) {
    const replacements = live.filter(({ replacementOf }) => replacementOf === original.id)
    assert.isAtMost(replacements.length, 1, "one replacement at most")
  }
}
