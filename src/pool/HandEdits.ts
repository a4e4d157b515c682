/**
 * Edits of rows by hand that were noticed: what was found, who was asked, who decided.
 *
 * The watch of the sheets puts them in, the bot asks the admins. The same finding is asked about
 * once, also over restarts; it is forgotten together with its issuance.
 */
import { Clock, Context, Effect, Layer, Option, Ref, Schema, Semaphore } from "effect"
import { editsAskedMax } from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { type Choice, type HandEdit, keyOfEdit, NoticedEdit } from "../domain/HandEdit.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import { Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import { Pools } from "./Pools.ts"

type Key = Pick<HandEdit, "issuance" | "digest">

export class HandEdits extends Context.Service<
  HandEdits,
  {
    /**
     * All that one look at those resources found. What is new waits to be told; what is not
     * found any more is over; what memory let go of is forgotten.
     */
    looked(
      resources: ReadonlyArray<string>,
      found: ReadonlyArray<HandEdit>,
    ): Effect.Effect<void, StorageUnavailable>
    /** Open edits that nobody was told of yet. */
    readonly untold: Effect.Effect<ReadonlyArray<NoticedEdit>>
    /** Edits that are decided or over, whose cards do not say so yet. */
    readonly ended: Effect.Effect<ReadonlyArray<NoticedEdit>>
    find(key: Key): Effect.Effect<Option.Option<NoticedEdit>>
    /** The admins were told, by those messages. */
    told(
      keys: ReadonlyArray<Key>,
      cards: ReadonlyArray<MessageRef>,
    ): Effect.Effect<void, StorageUnavailable>
    /** Decides unless somebody has; gives the edit as it is then, none where it was forgotten. */
    decide(
      key: Key,
      choice: Choice,
      by: TelegramId,
    ): Effect.Effect<Option.Option<NoticedEdit>, StorageUnavailable>
    /** Nothing is left to decide: the edit is over. */
    end(key: Key): Effect.Effect<void, StorageUnavailable>
    /** The cards say how it ended, and need no change any more. */
    shown(key: Key): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/pool/HandEdits") {
  static readonly layer: Layer.Layer<HandEdits, StorageUnavailable, Journal | Pools> = Layer.effect(
    HandEdits,
    Effect.suspend(() => makeHandEdits),
  )
}

const kind = "handEdit"
const decode = Schema.decodeUnknownOption(NoticedEdit)
const encode = Schema.encodeSync(NoticedEdit)

/** The edits as documents of the journal: read once, and changed on disk before in memory. */
const makeDocuments = Effect.gen(function* () {
  const journal = yield* Journal
  const documents = yield* journal.documents(kind)
  const noticed = yield* Ref.make<ReadonlyMap<string, NoticedEdit>>(
    new Map(
      documents.flatMap(({ key, body }) =>
        Option.toArray(decode(body)).map((each) => [key, each] as const),
      ),
    ),
  )

  const save = Effect.fnUntraced(function* (
    changed: ReadonlyArray<NoticedEdit>,
    forgotten: ReadonlyArray<string> = [],
  ) {
    const writes: ReadonlyArray<Write> = [
      ...changed.map((each): Write => ({
        _tag: "DocumentPut",
        kind,
        key: keyOfEdit(each.edit),
        body: encode(each),
      })),
      ...forgotten.map((key): Write => ({ _tag: "DocumentRemoved", kind, key })),
    ]
    if (writes.length === 0) return
    yield* journal.write(writes)
    yield* Ref.update(noticed, (before) => {
      const after = new Map(before)
      for (const each of changed) after.set(keyOfEdit(each.edit), each)
      for (const key of forgotten) after.delete(key)
      return after
    })
  })

  const find = (key: Key) =>
    Effect.map(Ref.get(noticed), (edits) => Option.fromUndefinedOr(edits.get(keyOfEdit(key))))

  const change = (key: Key, f: (before: NoticedEdit) => NoticedEdit) =>
    Effect.gen(function* () {
      const before = Option.getOrUndefined(yield* find(key))
      if (before === undefined) return Option.none<NoticedEdit>()
      const after = f(before)
      if (after !== before) yield* save([after])
      return Option.some(after)
    })

  return { byKey: Ref.get(noticed), find, save, change }
})

const makeHandEdits = Effect.gen(function* () {
  const pools = yield* Pools
  const { byKey, find, save, change } = yield* makeDocuments
  const all = Effect.map(byKey, (edits) => [...edits.values()])
  const lock = yield* Semaphore.make(1)

  /** One change at a time; one that began is finished, so that memory and disk agree. */
  const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
    lock.withPermit(Effect.uninterruptible(self))

  const looked = Effect.fn("HandEdits.looked")(function* (
    resources: ReadonlyArray<string>,
    found: ReadonlyArray<HandEdit>,
  ) {
    const foundAt = yield* Clock.currentTimeMillis
    const before = yield* byKey
    const fresh = found.filter((edit) => before.get(keyOfEdit(edit))?.isOver !== false)
    const keys = new Set(found.map(keyOfEdit))
    const gone = yield* Effect.filter([...before.values()], ({ edit }) =>
      Effect.map(pools.find(edit.resource, edit.issuance), Option.isNone),
    )
    const forgotten = gone.filter((each) => each.cards.length === 0)
    const over = [...before.values()].filter(
      (each) =>
        isOpen(each) &&
        (gone.includes(each) ||
          (resources.includes(each.edit.resource) && !keys.has(keyOfEdit(each.edit)))),
    )
    yield* save(
      [
        ...fresh.map((edit) => ({
          edit,
          foundAt,
          isOneOfMany: fresh.length > editsAskedMax,
          cards: [],
          isTold: false,
          decision: null,
          isOver: false,
        })),
        ...over.map((each) => ({ ...each, isOver: true })),
      ],
      forgotten.map(({ edit }) => keyOfEdit(edit)),
    )
    if (fresh.length > 0) {
      yield* Effect.logInfo("rows of issued tabs were changed by hand").pipe(
        Effect.annotateLogs({ ids: fresh.map(({ issuance }) => issuance).join(" ") }),
      )
    }
  }, exclusively)

  const told = Effect.fn("HandEdits.told")(function* (
    keys: ReadonlyArray<Key>,
    cards: ReadonlyArray<MessageRef>,
  ) {
    const edits = (yield* Effect.forEach(keys, find)).flatMap(Option.toArray)
    yield* save(edits.map((each) => ({ ...each, cards, isTold: true })))
  }, exclusively)

  const decide = Effect.fn("HandEdits.decide")(function* (
    key: Key,
    choice: Choice,
    by: TelegramId,
  ) {
    const at = yield* Clock.currentTimeMillis
    return yield* change(key, (before) =>
      isOpen(before) ? { ...before, decision: { choice, by, at } } : before,
    )
  }, exclusively)

  return HandEdits.of({
    looked,
    untold: Effect.map(all, (edits) => edits.filter((each) => isOpen(each) && !each.isTold)),
    ended: Effect.map(all, (edits) =>
      edits.filter((each) => !isOpen(each) && each.cards.length > 0),
    ),
    find,
    told,
    decide,
    end: (key) =>
      exclusively(
        Effect.asVoid(
          change(key, (before) => (isOpen(before) ? { ...before, isOver: true } : before)),
        ),
      ),
    shown: (key) => exclusively(Effect.asVoid(change(key, (before) => ({ ...before, cards: [] })))),
  })
})

const isOpen = ({ decision, isOver }: NoticedEdit) => decision === null && !isOver
