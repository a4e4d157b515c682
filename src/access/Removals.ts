/**
 * The journal keeps what an admin removed, and who did it, for a day, so that it can be taken back.
 * Each kind of thing that can be removed has documents of its own.
 */
import { Clock, Duration, Effect, Option, Schema } from "effect"
import { removalKept } from "../config/Limits.ts"
import type { Journal, StorageUnavailable } from "../store/Journal.ts"

interface Dated {
  readonly at: number
}

interface Removals<A extends Dated> {
  /** The removal; none if it was more than a day ago. */
  find(key: string): Effect.Effect<Option.Option<A>, StorageUnavailable>
  /** Replaces an earlier removal of the same thing, and forgets those that are too old. */
  put(key: string, removal: A): Effect.Effect<void, StorageUnavailable>
  drop(key: string): Effect.Effect<void, StorageUnavailable>
}

export const makeRemovals = <A extends Dated, E>(
  journal: Journal["Service"],
  kind: string,
  schema: Schema.Codec<A, E>,
): Removals<A> => {
  const decode = Schema.decodeUnknownOption(schema)

  const all = Effect.map(journal.documents(kind), (documents) =>
    documents.map(({ key, body }) => ({ key, removal: decode(body) })),
  )

  const isKept = Effect.map(
    Clock.currentTimeMillis,
    (now) =>
      ({ at }: Dated) =>
        now < at + Duration.toMillis(removalKept),
  )

  const find = Effect.fn("Removals.find")(function* (key: string) {
    const found = (yield* all).find((each) => each.key === key)
    return Option.filter(found?.removal ?? Option.none<A>(), yield* isKept)
  })

  const put = Effect.fn("Removals.put")(function* (key: string, removal: A) {
    const kept = yield* isKept
    const outdated = (yield* all).filter(
      (each) => each.key !== key && !Option.exists(each.removal, kept),
    )
    yield* journal.write([
      ...outdated.map((each) => ({ _tag: "DocumentRemoved", kind, key: each.key }) as const),
      { _tag: "DocumentPut", kind, key, body: removal },
    ])
  })

  const drop = (key: string) =>
    Effect.asVoid(journal.write([{ _tag: "DocumentRemoved", kind, key }]))

  return { find, put, drop }
}
