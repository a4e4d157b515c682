/**
 * Who waits for what, in the order in which they asked: documents of the journal, copied in memory.
 *
 * A wait is the person's own, one for each kind of thing. Of whom the message was perhaps sent
 * already nobody is told again: a start drops what it finds half told.
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
  /** When the person got into line: asking again keeps the place. */
  since: Moment,
  /** When the person asked last. */
  at: Moment,
  /** A message about it is under way, or was when the bot stopped. */
  isTelling: Schema.Boolean,
})
export type Wait = typeof Wait.Type

type Kind = Pick<Wait, "by"> & Omit<Asked, "quantity">

export class Waits extends Context.Service<
  Waits,
  {
    /** Everybody who is still to be told, who came first at the front. */
    readonly line: Effect.Effect<ReadonlyArray<Wait>>
    of(by: TelegramId): Effect.Effect<ReadonlyArray<Wait>>
    /** Durable when it returns, as the others. None: the person waits for enough already. */
    join(by: TelegramId, asked: Asked): Effect.Effect<Option.Option<Wait>, StorageUnavailable>
    leave(waits: ReadonlyArray<Kind>): Effect.Effect<void, StorageUnavailable>
    /** Ends the waits for what the person has got by this request. */
    satisfy(request: Request): Effect.Effect<void, StorageUnavailable>
    /** Before a message about it is sent. `false`: the wait is over, and nobody is told. */
    beginTelling(wait: Wait): Effect.Effect<boolean, StorageUnavailable>
    /** Ends the wait, or keeps it in its place where certainly nothing arrived. */
    endTelling(wait: Wait, isTold: boolean): Effect.Effect<void, StorageUnavailable>
    /** While no message is under way: ends those whose end the disk refused to note. */
    readonly forgetTold: Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/bot/Waits") {
  static readonly layer: Layer.Layer<Waits, StorageUnavailable, Journal> = Layer.effect(
    Waits,
    Effect.gen(function* () {
      const journal = yield* Journal
      const waits = yield* load(journal)
      const oneAtATime = yield* Semaphore.make(1)

      // A change that began ends in memory as on disk, whatever becomes of its caller.
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

      const join = Effect.fn("Waits.join")(function* (by: TelegramId, asked: Asked) {
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

      const leave = Effect.fn("Waits.leave")(
        (left: ReadonlyArray<Kind>) => remove(left.map(keyOf)),
        exclusively,
      )

      const satisfy = Effect.fn("Waits.satisfy")(function* (request: Request) {
        const own = yield* openOf(request.by)
        yield* remove(own.filter((wait) => satisfies(request, wait)).map(keyOf))
      }, exclusively)

      const beginTelling = Effect.fn("Waits.beginTelling")(function* (wait: Wait) {
        if (waits.get(keyOf(wait)) !== wait) return false
        yield* put({ ...wait, isTelling: true })
        return true
      }, exclusively)

      const endTelling = Effect.fn("Waits.endTelling")(function* (wait: Wait, isTold: boolean) {
        const key = keyOf(wait)
        // Whoever asked anew in the meantime waits for the next.
        if (waits.get(key)?.isTelling !== true) return
        yield* isTold ? remove([key]) : put(wait)
      }, exclusively)

      const forgetTold = Effect.suspend(() =>
        remove([...waits].flatMap(([key, { isTelling }]) => (isTelling ? [key] : []))),
      ).pipe(exclusively)

      return Waits.of({
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

/** Ids and regions have neither dots nor colons. */
export const keyOf = ({ by, resource, targets, region, variant }: Kind): string =>
  `${by}:${[resource, targets.join(","), region, variant ?? ""].join(".")}`

/** «Любой» is content with any variant; what was got before he asked to be told is no answer. */
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

/** What another version wrote is dropped, and no start fails over it. */
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
