/**
 * Access that admins have suspended: documents of the journal, copied in memory.
 *
 * Whether a block is in force is asked of the clock at that moment, so nothing has to run in time
 * for one to end. A document that cannot be read stops the start: nobody is let in by guessing.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Ref, Schema, Semaphore } from "effect"
import { removalKept } from "../config/Limits.ts"
import { Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { RequestKey } from "../domain/Issuance.ts"
import { Journal, JournalDamaged, type StorageUnavailable, type Write } from "../store/Journal.ts"

export const Block = Schema.Struct({
  id: TelegramId,
  /** The reason as the person reads it; "" where none was given. */
  note: Schema.String,
  by: TelegramId,
  at: Moment,
  /** `null`: until an admin gives the access back. */
  until: Schema.NullOr(Moment),
  /** The message that it was asked for with: the same one once more is a repeat. */
  request: RequestKey,
  /** Who gave the access back; `null` while nobody did. */
  lifted: Schema.NullOr(Schema.Struct({ by: TelegramId, at: Moment })),
  /** The person was told how it stands now, or is about to be: nobody is told twice. */
  told: Schema.Boolean,
})
export type Block = typeof Block.Type

export interface BlockOrder extends Pick<Block, "id" | "note" | "by" | "request"> {
  /** `null`: without an end. */
  readonly hours: number | null
  /** A block that is in force stays as it is. */
  readonly unlessBlocked?: boolean
}

type Lifted =
  | { readonly _tag: "Lifted"; readonly block: Block }
  /** An admin gave the access back before. */
  | { readonly _tag: "AlreadyLifted"; readonly lifted: NonNullable<Block["lifted"]> }
  /** The person was never blocked, or the time is over. */
  | { readonly _tag: "NotBlocked" }

export class Blocks extends Context.Service<
  Blocks,
  {
    /** The block that is in force now. */
    find(id: TelegramId): Effect.Effect<Option.Option<Block>>
    /** The blocks in force now, the newest first. */
    readonly all: Effect.Effect<ReadonlyArray<Block>>
    /**
     * Suspends the access from now on, in place of a block in force, and gives the block that is in
     * force then. The caller checks whether `by` may do that.
     */
    block(order: BlockOrder): Effect.Effect<Block, StorageUnavailable>
    lift(id: TelegramId, by: TelegramId): Effect.Effect<Lifted, StorageUnavailable>
    /** Whether the person is still to be told of the last decision; once, whoever asks. */
    claimTelling(id: TelegramId): Effect.Effect<boolean, StorageUnavailable>
    /** Blocks whose time is over; each is given once. */
    expire(now: number): Effect.Effect<ReadonlyArray<Block>, StorageUnavailable>
  }
>()("account-bot/access/Blocks") {
  static readonly layer: Layer.Layer<Blocks, StorageUnavailable | JournalDamaged, Journal> =
    Layer.effect(
      Blocks,
      Effect.suspend(() => make),
    )
}

const make = Effect.gen(function* () {
  const journal = yield* Journal
  const state = yield* Ref.make(yield* load(journal))
  const lock = yield* Semaphore.make(1)

  /** One change at a time, and a change that began is finished in memory as on disk. */
  const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
    lock.withPermit(Effect.uninterruptible(self))

  const known = (id: TelegramId) => Effect.map(Ref.get(state), (all) => all.get(id))

  const save = Effect.fnUntraced(function* (block: Block) {
    const over = [...(yield* Ref.get(state)).values()].filter(
      (each) => each.id !== block.id && isForgotten(each, block.at),
    )
    yield* journal.write([...over.map(({ id }) => removed(id)), put(block)])
    yield* Ref.update(state, (before) => {
      const next = new Map(before).set(block.id, block)
      for (const { id } of over) next.delete(id)
      return next
    })
  })

  const find = Effect.fnUntraced(function* (id: TelegramId) {
    const block = yield* known(id)
    const now = yield* Clock.currentTimeMillis
    return block !== undefined && isInForce(block, now) ? Option.some(block) : Option.none()
  })

  const block = Effect.fn("Blocks.block")(function* ({
    hours,
    unlessBlocked = false,
    ...order
  }: BlockOrder) {
    const standing = Option.getOrUndefined(yield* find(order.id))
    if (standing !== undefined && (unlessBlocked || isRepeat(standing, { hours, ...order }))) {
      return standing
    }
    const at = yield* Clock.currentTimeMillis
    const until = hours === null ? null : at + Duration.toMillis(Duration.hours(hours))
    const next: Block = { ...order, at, until, lifted: null, told: false }
    yield* save(next)
    yield* Effect.logInfo("access suspended").pipe(
      Effect.annotateLogs({ person: order.id, admin: order.by, hours: hours ?? "no end" }),
    )
    return next
  }, exclusively)

  const lift = Effect.fn("Blocks.lift")(function* (
    id: TelegramId,
    by: TelegramId,
  ): Effect.fn.Return<Lifted, StorageUnavailable> {
    const standing = Option.getOrUndefined(yield* find(id))
    if (standing === undefined) return liftedBefore(yield* known(id), by)
    const next = { ...standing, lifted: { by, at: yield* Clock.currentTimeMillis }, told: false }
    yield* save(next)
    yield* Effect.logInfo("access no longer suspended").pipe(
      Effect.annotateLogs({ person: id, admin: by }),
    )
    return { _tag: "Lifted", block: next }
  }, exclusively)

  const claimTelling = Effect.fn("Blocks.claimTelling")(function* (id: TelegramId) {
    const last = yield* known(id)
    if (last === undefined || last.told) return false
    yield* save({ ...last, told: true })
    return true
  }, exclusively)

  const expire = Effect.fn("Blocks.expire")(function* (now: number) {
    const over = [...(yield* Ref.get(state)).values()].filter(
      ({ lifted, until }) => lifted === null && until !== null && now >= until,
    )
    if (over.length === 0) return []
    yield* journal.write(over.map(({ id }) => removed(id)))
    yield* Ref.update(
      state,
      (before) => new Map([...before].filter(([id]) => !over.some((each) => each.id === id))),
    )
    return over
  }, exclusively)

  return Blocks.of({
    find,
    all: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      return [...(yield* Ref.get(state)).values()]
        .filter((each) => isInForce(each, now))
        .toSorted((a, b) => b.at - a.at)
    }),
    block,
    lift,
    claimTelling,
    expire,
  })
})

const isInForce = ({ lifted, until }: Block, now: number) =>
  lifted === null && (until === null || now < until)

/** Whether the access was given back so long ago that nobody asks who did it. */
const isForgotten = ({ lifted }: Block, now: number) =>
  lifted !== null && now >= lifted.at + Duration.toMillis(removalKept)

const isRepeat = ({ at, until, ...block }: Block, order: BlockOrder) =>
  block.request === order.request &&
  block.by === order.by &&
  block.note === order.note &&
  until === (order.hours === null ? null : at + Duration.toMillis(Duration.hours(order.hours)))

/** A repeat by the same admin counts as lifted until the person was told. */
const liftedBefore = (block: Block | undefined, by: TelegramId): Lifted => {
  if (block === undefined || block.lifted === null) return { _tag: "NotBlocked" }
  return block.lifted.by === by && !block.told
    ? { _tag: "Lifted", block }
    : { _tag: "AlreadyLifted", lifted: block.lifted }
}

const kind = "block"
const decode = Schema.decodeUnknownEffect(Block)

const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(kind)
  const blocks = yield* Effect.forEach(documents, ({ key, body }) =>
    Effect.mapError(
      decode(body),
      ({ message }) =>
        new JournalDamaged({ table: "document", record: `${kind} ${key}`, problem: message }),
    ),
  )
  return new Map(blocks.map((block) => [block.id, block] as const))
})

const put = (block: Block): Write => ({
  _tag: "DocumentPut",
  kind,
  key: String(block.id),
  body: block,
})

const removed = (id: TelegramId): Write => ({ _tag: "DocumentRemoved", kind, key: String(id) })
