/**
 * What people have sent so far of the proxies that they are adding: one draft for each person,
 * kept in the journal until it is saved or given up, and no longer, because of the passwords.
 */
import { Context, Effect, Layer, Option, Schema, Semaphore } from "effect"
import { VariantId } from "../domain/Catalogue.ts"
import { Day, Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { MessageRef } from "../domain/Issuance.ts"
import { CountryCode, Endpoint, ProxyType } from "../domain/Proxy.ts"
import type { BadLine } from "../domain/proxyLine.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"

const problems = [
  "tooFewParts",
  "host",
  "port",
  "noPassword",
  "brackets",
  "scheme",
  "tooLong",
  "unprintable",
  "repeated",
  /** Accepted from an earlier message. */
  "inDraft",
  /** A proxy that has not ended is there already. */
  "known",
  /** The draft is full. */
  "tooMany",
] as const satisfies ReadonlyArray<BadLine | "inDraft" | "known" | "tooMany">

/** Why a line was not accepted. */
export const LineProblem = Schema.Literals(problems)
export type LineProblem = typeof LineProblem.Type

/** What came of a message with lines. Numbers and reasons, never what stands in a line. */
export const LinesReport = Schema.Struct({
  accepted: Schema.Int,
  rejected: Schema.Int,
  /** The first of the rejected. */
  bad: Schema.Array(Schema.Struct({ number: Schema.Int, problem: LineProblem })),
})
export type LinesReport = typeof LinesReport.Type

export const ProxyDraft = Schema.Struct({
  /** The wizard's message; buttons of any other one are out of date. */
  message: MessageRef,
  step: Schema.Literals(["type", "lines", "targets", "country", "days"]),
  type: Schema.NullOr(ProxyType),
  endpoints: Schema.Array(Endpoint),
  /** The newest messages that were dealt with: brought again, they change nothing. */
  texts: Schema.Array(Schema.Int),
  report: Schema.NullOr(LinesReport),
  /** What they were used for already. */
  targets: Schema.Array(VariantId),
  country: Schema.NullOr(CountryCode),
  /** The day that the choices of an end are counted from, so that each keeps its word. */
  today: Day,
  /** Of the last change. */
  at: Moment,
})
export type ProxyDraft = typeof ProxyDraft.Type

export class ProxyDrafts extends Context.Service<
  ProxyDrafts,
  {
    find(of: TelegramId): Effect.Effect<Option.Option<ProxyDraft>>
    /** Replaces the person's draft. Durable when it returns, as the others. */
    save(of: TelegramId, draft: ProxyDraft): Effect.Effect<void, StorageUnavailable>
    drop(of: TelegramId): Effect.Effect<void, StorageUnavailable>
    /** Drops those that nobody touched since `before`, and gives them. */
    expire(before: number): Effect.Effect<ReadonlyArray<ProxyDraft>, StorageUnavailable>
  }
>()("account-bot/bot/ProxyDrafts") {
  static readonly layer: Layer.Layer<ProxyDrafts, StorageUnavailable, Journal> = Layer.effect(
    ProxyDrafts,
    Effect.gen(function* () {
      const journal = yield* Journal
      const drafts = yield* load(journal)
      const oneAtATime = yield* Semaphore.make(1)

      // A change that began ends in memory as on disk, whatever becomes of its caller.
      const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
        oneAtATime.withPermit(Effect.uninterruptible(self))

      const find = Effect.fn("ProxyDrafts.find")((of: TelegramId) =>
        Effect.sync(() => Option.fromUndefinedOr(drafts.get(of))),
      )

      const save = Effect.fn("ProxyDrafts.save")(function* (of: TelegramId, draft: ProxyDraft) {
        yield* journal.write([
          { _tag: "DocumentPut", kind, key: String(of), body: yield* encode(draft) },
        ])
        drafts.set(of, draft)
      }, exclusively)

      const remove = Effect.fnUntraced(function* (keys: ReadonlyArray<TelegramId>) {
        if (keys.length === 0) return
        yield* journal.write(
          keys.map((key) => ({ _tag: "DocumentRemoved", kind, key: String(key) }) as const),
        )
        for (const key of keys) drafts.delete(key)
      })

      const drop = Effect.fn("ProxyDrafts.drop")(
        (of: TelegramId) => Effect.suspend(() => remove(drafts.has(of) ? [of] : [])),
        exclusively,
      )

      const expire = Effect.fn("ProxyDrafts.expire")(function* (before: number) {
        const old = [...drafts].filter(([, { at }]) => at < before)
        yield* remove(old.map(([of]) => of))
        return old.map(([, draft]) => draft)
      }, exclusively)

      return ProxyDrafts.of({ find, save, drop, expire })
    }),
  )
}

const kind = "proxy draft"

const encode = (draft: ProxyDraft) => Effect.orDie(Schema.encodeEffect(ProxyDraft)(draft))
const decode = Schema.decodeUnknownOption(ProxyDraft)
const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)

/** A draft of another version is dropped: its owner starts afresh, and no start fails over it. */
const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const drafts = new Map<TelegramId, ProxyDraft>()
  for (const { key, body } of yield* journal.documents(kind)) {
    const [of, draft] = [decodeKey(key), decode(body)]
    if (Option.isSome(of) && Option.isSome(draft)) {
      drafts.set(of.value, draft.value)
      continue
    }
    yield* Effect.logWarning("a draft of proxies cannot be read and is dropped")
    yield* journal.write([{ _tag: "DocumentRemoved", kind, key }])
  }
  return drafts
})
