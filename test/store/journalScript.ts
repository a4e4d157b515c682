/** Sequences of writes that a generator makes up, and all that a journal gives after them. */
import { Effect, Option, Schema } from "effect"
import { type Journal, Write } from "../../src/store/Journal.ts"
import {
  document,
  enteredEvent,
  events,
  handled,
  happened,
  issuanceId,
  issuanceOf,
  issuedEvent,
  leftEvent,
  opened,
  part,
  quarantinedOf,
  received,
  settled,
  withdrawn,
} from "../contracts/journalFixtures.ts"

const Step = Schema.Struct({
  op: Schema.Literals([
    "event",
    "snapshot",
    "part",
    "issue",
    "withdraw",
    "open",
    "settle",
    "receive",
    "handle",
    "put",
    "remove",
    "enter",
    "leave",
  ]),
  n: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 })),
  pool: Schema.Literals(["vk", "ok"]),
})

/** What comes in one call each. */
export const Script = Schema.Array(Schema.Array(Step).check(Schema.isMaxLength(4)))

export const writeOf = ({ op, n, pool }: typeof Step.Type): Write => {
  switch (op) {
    case "event":
      return events(pool, n)
    case "snapshot":
      return Write.cases.SnapshotTaken.make({ pool, through: n, state: { n } })
    case "part":
      return part(pool, n > 2 ? 1 : 0, n % 2, n)
    case "issue":
      return issuedAgain(pool, `${n}@example.com`)
    case "withdraw":
      return withdrawn(pool, `${n}@example.com`)
    case "open":
      return opened(pool, n, n === 0 ? "always the same" : undefined)
    case "settle":
      return settled(pool, n, n)
    case "receive":
      return received(n, pool)
    case "handle":
      return handled(n, n)
    case "put":
      return document(String(n), pool)
    case "enter":
      return Write.cases.PoolEvents.make({ pool, events: [enteredEvent(rowOf(n))] })
    case "leave":
      return Write.cases.PoolEvents.make({ pool, events: [leftEvent(rowOf(n))] })
    case "remove":
      return Write.cases.DocumentRemoved.make({ kind: "draft", key: String(n) })
  }
}

/** As a replacement, since a request is given its first items but once. */
const issuedAgain = (pool: string, key: string) =>
  happened(pool, issuedEvent(issuanceOf(key, { replacementOf: issuanceId(9) })))

const rowOf = (n: number) =>
  quarantinedOf(String(n), { column: n === 0 ? null : "Логин", tab: n < 3 ? "A" : "B" })

export const everythingIn = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const keys = [0, 1, 2, 3, 4].map((n) => `${n}@example.com`)
  const ofPool = Effect.fnUntraced(function* (pool: string) {
    const { snapshot, events: restored } = yield* journal.restore(pool)
    return {
      snapshot: Option.getOrNull(snapshot),
      restored,
      parts: [yield* journal.snapshotParts(pool, 0), yield* journal.snapshotParts(pool, 1)],
      intents: yield* journal.intents(pool, 3),
      issued: [...(yield* journal.issuedBefore(pool, keys))],
      quarantined: yield* journal.quarantined({ pool }, { limit: 3, skip: 1 }),
      unnamed: yield* journal.quarantined({ pool, tab: "A", column: null }, { limit: 9, skip: 0 }),
    }
  })
  return {
    vk: yield* ofPool("vk"),
    ok: yield* ofPool("ok"),
    unhandled: yield* journal.unhandled({ limit: 1_000 }),
    documents: yield* journal.documents("draft"),
    tally: (yield* journal.quarantineTally)
      .map(({ pool, tab, column, count }) => `${pool} ${tab} ${column} ${count}`)
      .toSorted(),
    last: yield* journal.write([]),
  }
})
