/**
 * Who waits for what, in the order in which they asked. The waits are documents of the journal, and
 * the service keeps a copy of them in memory.
 *
 * A person has at most one wait for each kind of thing. A wait whose message was under way when the
 * bot stopped is dropped at the next start: the message may have arrived, and nobody is told twice.
 */
import { Clock, Context, Effect, Layer, Option, Schema, Semaphore } from "effect"
import { waitsMax } from "../config/Limits.ts"
import { Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { Request } from "../domain/Issuance.ts"
import { Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import type { Asked } from "./orders.ts"

export const Wait = Schema.Struct({
  by: TelegramId,
  resource: Request.fields.resource,
  targets: Request.fields.targets,
  region: Request.fields.region,
  variant: Request.fields.variant,
  quantity: Schema.Int,
  /** When the person got into line. Asking for the same thing again keeps the place. */
  since: Moment,
  /** When the person asked last. */
  at: Moment,
  /** A message about it is under way, or was when the bot stopped. */
  isTelling: Schema.Boolean,
})
export type Wait = typeof Wait.Type

/** What tells two waits apart. */
type Kind = Pick<Wait, "by"> & Omit<Asked, "quantity">

export class Waitlist extends Context.Service<
  Waitlist,
  {
    /** Everybody who is still to be told, the longest wait first. */
    readonly line: Effect.Effect<ReadonlyArray<Wait>>
    /** The waits of one person. */
    of(by: TelegramId): Effect.Effect<ReadonlyArray<Wait>>
    /**
     * Puts the person into line; none where the person waits for too many things already. As all
     * changes of the list, it is on the disk when it returns.
     */
    join(by: TelegramId, asked: Asked): Effect.Effect<Option.Option<Wait>, StorageUnavailable>
    leave(waits: ReadonlyArray<Kind>): Effect.Effect<void, StorageUnavailable>
    /** Ends the person's waits for what this request has just brought them. */
    satisfy(request: Request): Effect.Effect<void, StorageUnavailable>
    /**
     * To be called before a message about the wait is sent. `false` means that the wait has ended
     * or changed meanwhile, and that nothing is to be sent.
     */
    beginTelling(wait: Wait): Effect.Effect<boolean, StorageUnavailable>
    /** Ends a wait that was told of; one whose message certainly did not arrive keeps its place. */
    endTelling(wait: Wait, isTold: boolean): Effect.Effect<void, StorageUnavailable>
    /**
     * Ends the waits that were told of but could not be ended, because the disk refused. To be
     * called only while no message is under way.
     */
    readonly forgetTold: Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/bot/Waitlist") {
  static readonly layer: Layer.Layer<Waitlist, StorageUnavailable, Journal> = Layer.effect(
    Waitlist,
    Effect.gen(function* () {
      const journal = yield* Journal
      const waits = yield* load(journal)
      const oneAtATime = yield* Semaphore.make(1)

      // A change that has begun is finished both on disk and in memory, even if its caller is
      // interrupted.
      const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
        oneAtATime.withPermit(Effect.uninterruptible(self))

      const put = Effect.fnUntraced(function* (wait: Wait) {
        yield* journal.write([yield* documentOf(wait)])
        waits.set(keyOf(wait), wait)
      })

      const remove = Effect.fnUntraced(function* (keys: ReadonlyArray<string>) {
        const known = keys.filter((key) => waits.has(key))
        if (known.length === 0) return
        yield* journal.write(known.map(removalOf))
        for (const key of known) waits.delete(key)
      })

      const open = Effect.sync(() =>
        [...waits.values()]
          .filter(({ isTelling }) => !isTelling)
          .toSorted((a, b) => a.since - b.since),
      )
      const openOf = (by: TelegramId) =>
        Effect.map(open, (line) => line.filter((wait) => wait.by === by))

      const join = Effect.fnUntraced(function* (by: TelegramId, asked: Asked) {
        const at = yield* Clock.currentTimeMillis
        const own = yield* openOf(by)
        const { resource, targets, region, variant, quantity } = asked
        const kind = { by, resource, targets, region, variant }
        const before = own.find((wait) => keyOf(wait) === keyOf(kind))
        if (before === undefined && own.length >= waitsMax) return Option.none<Wait>()
        const wait = { ...kind, quantity, since: before?.since ?? at, at, isTelling: false }
        yield* put(wait)
        return Option.some<Wait>(wait)
      }, exclusively)

      const leave = (left: ReadonlyArray<Kind>) => exclusively(remove(left.map(keyOf)))

      const satisfy = Effect.fnUntraced(function* (request: Request) {
        const own = yield* openOf(request.by)
        yield* remove(own.filter((wait) => satisfies(request, wait)).map(keyOf))
      }, exclusively)

      const beginTelling = Effect.fnUntraced(function* (wait: Wait) {
        if (waits.get(keyOf(wait)) !== wait) return false
        yield* put({ ...wait, isTelling: true })
        return true
      }, exclusively)

      const endTelling = Effect.fnUntraced(function* (wait: Wait, isTold: boolean) {
        const key = keyOf(wait)
        // The person has asked anew in the meantime: that is another wait, and it goes on.
        if (waits.get(key)?.isTelling !== true) return
        yield* isTold ? remove([key]) : put(wait)
      }, exclusively)

      const forgetTold = Effect.suspend(() =>
        remove([...waits].flatMap(([key, { isTelling }]) => (isTelling ? [key] : []))),
      ).pipe(exclusively)

      return Waitlist.of({
        line: open,
        of: openOf,
        join,
        leave,
        satisfy,
        beginTelling,
        endTelling,
        forgetTold,
      })
    }),
  )
}

const kind = "waiting"

/** Unambiguous, because ids and regions contain neither dots nor colons. */
export const keyOf = ({ by, resource, targets, region, variant }: Kind): string =>
  `${by}:${[resource, targets.join(","), region, variant ?? ""].join(".")}`

/**
 * Whether the request brought what the person waits for. A wait for «Любой» is content with any
 * variant; a request from before the person asked to be told does not count.
 */
export const satisfies = (request: Request, wait: Wait): boolean =>
  request.by === wait.by &&
  request.at > wait.at &&
  request.resource === wait.resource &&
  request.region === wait.region &&
  request.targets.length === wait.targets.length &&
  request.targets.every((target) => wait.targets.includes(target)) &&
  (wait.variant === null || wait.variant === request.variant)

const documentOf = (wait: Wait): Effect.Effect<Write> =>
  Effect.map(Effect.orDie(Schema.encodeEffect(Wait)(wait)), (body) => ({
    _tag: "DocumentPut",
    kind,
    key: keyOf(wait),
    body,
  }))

const removalOf = (key: string): Write => ({ _tag: "DocumentRemoved", kind, key })

const decode = Schema.decodeUnknownOption(Wait)

/** A wait that another version of the bot wrote differently is dropped, so that no start fails. */
const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const waits = new Map<string, Wait>()
  const dropped: Array<string> = []
  for (const { key, body } of yield* journal.documents(kind)) {
    const wait = decode(body)
    if (Option.isSome(wait) && !wait.value.isTelling) waits.set(key, wait.value)
    else dropped.push(key)
    if (Option.isNone(wait)) yield* Effect.logWarning("a wait cannot be read and is dropped")
  }
  if (dropped.length > 0) yield* journal.write(dropped.map(removalOf))
  return waits
})
