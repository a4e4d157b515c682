/** Whatever is asked in whatever order: the promises of a pool hold after every step. */
import { assert, it } from "@effect/vitest"
import { Chunk, Effect, HashMap, HashSet, Option, Schema } from "effect"
import { placeOf } from "../../src/domain/Issuance.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import * as Available from "../../src/pool/Available.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import { empty, issuancesOf, liveOf, type PoolState, requestsOf } from "../../src/pool/State.ts"
import { quarantinedIn, returningOf } from "../../src/pool/View.ts"
import { formOf, people } from "./fixtures.ts"
import { makeWorld, Script, type World } from "./script.ts"

const runs = { arbitrary: { runs: 400, seed: 7 } }

const sorted = (ids: ReadonlyArray<string>) => ids.toSorted()

const thrownIn = ({ trash }: PoolState) =>
  trash.flatMap(({ queued }) => queued.map(({ item }) => item))

const placesOf = (state: PoolState) => [
  ...Available.all(state.available).map(({ item }) => item.id),
  ...liveOf(state).map(({ issuance }) => issuance.item.id),
  ...state.worked.flatMap(({ row, way }) => (way === "drop" ? [row.id] : [])),
  ...returningOf(state).map(({ id }) => id),
  ...thrownIn(state).map(({ id }) => id),
]

/** What a pool promises of every state that a script can bring it to. */
const check = (world: World) => {
  const { state } = world.rules
  const inQuarantine = [...world.quarantined.keys()]
  assert.strictEqual(quarantinedIn(state), inQuarantine.length, "the count of the quarantine")
  const places = [
    ...placesOf(state),
    ...inQuarantine,
    ...world.retired,
    ...world.returned,
    ...world.gone,
  ]
  assert.deepStrictEqual(sorted(places), sorted(world.loaded), "conservation")
  const live = liveOf(state).map(({ issuance }) => issuance)
  const keys = [
    ...Available.all(state.available).map(({ item }) => item.key),
    ...live.map(({ item }) => item.key),
    ...HashMap.toValues(state.returning).map(({ item }) => item.key),
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
  for (const id of people) {
    const pending = live.filter(({ holder, mark }) => holder === id && mark === null).length
    const counted = HashMap.toEntries(state.pendingBy).find(([holder]) => holder === id)?.[1] ?? 0
    assert.strictEqual(counted, pending, "the count of pending items")
    const requests = HashMap.toValues(state.requests).map(({ request }) => request)
    assert.deepStrictEqual(
      requestsOf(state, id)
        .map(({ request }) => request.key)
        .toSorted(),
      requests
        .filter((request) => request.by === id)
        .map(({ key }) => key)
        .toSorted(),
      "the requests of a person",
    )
    assert.deepStrictEqual(
      issuancesOf(state, id),
      live.filter(({ holder }) => holder === id),
      "what a person holds",
    )
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

it.prop(
  "no item is lost, doubled or given to two people",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) {
      world.run(step)
      check(world)
    }
  },
  runs,
)

it.prop(
  "a command that took effect changes nothing the second time",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) {
      const command = world.run(step)
      if (command?._tag === "Restore" || command?._tag === "EnterQuarantine") {
        assert.strictEqual(world.rules.refusal(command), "TrashGone")
      } else if (command !== undefined) assert.deepStrictEqual(world.rules.run(command), [])
    }
  },
  runs,
)

it.prop(
  "the state is a fold of the events",
  { script: Script },
  ({ script }) => {
    const world = makeWorld()
    for (const step of script) world.run(step)
    assert.deepStrictEqual(formOf(world.folded()), formOf(world.rules.state))
  },
  runs,
)

/** The value with plain arrays in an order of their own, whatever the snapshot has of it. */
const plainOf = (value: unknown): unknown => {
  const sortedPlain = (values: Iterable<unknown>) =>
    [...values].map(plainOf).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (HashMap.isHashMap(value)) {
    // A count of nothing is as good as none.
    return sortedPlain(HashMap.toEntries(value).filter(([, one]) => one !== 0))
  }
  if (HashSet.isHashSet(value)) return sortedPlain(value)
  if (Chunk.isChunk(value)) return [...value].map(plainOf)
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainOf(one)]))
}

/** The fields of a state that say something else than at the beginning. */
const filledIn = (state: PoolState): ReadonlyArray<string> =>
  Object.entries(state).flatMap(([name, value]) =>
    JSON.stringify(plainOf(value)) ===
    JSON.stringify(plainOf(new Map(Object.entries(empty)).get(name)))
      ? []
      : [name],
  )

const filled = new Set<string>()

it.effect.prop(
  "a snapshot gives every field of the state back, indexes included",
  { script: Script },
  ({ script }) =>
    Effect.gen(function* () {
      const world = makeWorld()
      for (const step of script) world.run(step)
      const { state } = world.rules
      for (const name of filledIn(state)) filled.add(name)
      const text = JSON.stringify(Snapshot.encode(state))
      const back = yield* Snapshot.decode(JSON.parse(text))
      world.rules.replaceState(() => back)
      check(world)
      assert.deepStrictEqual(plainOf(back), plainOf(state))
    }),
  runs,
)

it("the states of those snapshots had something in every field", () => {
  assert.sameMembers([...filled], Object.keys(empty))
})

it.prop(
  "the scripts come to all that can happen",
  { scripts: Schema.Array(Script).check(Schema.isMinLength(400)) },
  ({ scripts }) => {
    const seen = new Set<string>()
    for (const script of scripts) {
      const world = makeWorld()
      for (const step of script) world.run(step)
      for (const { _tag } of world.rules.events) seen.add(_tag)
    }
    assert.deepStrictEqual(
      Object.keys(PoolEvent.cases).filter((tag) => !seen.has(tag) && tag !== "QuarantineReported"),
      [],
    )
  },
  { arbitrary: { runs: 1, seed: 1 } },
)
