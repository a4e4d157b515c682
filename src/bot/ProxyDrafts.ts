/**
 * A draft holds what a person has entered so far of the proxies they are adding; each has one.
 * The journal keeps a draft until it is saved or given up, and no longer, because it holds passwords.
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
  "space",
  "noPort",
  "extra",
  "several",
  "order",
  "ambiguous",
  "otherType",
  "repeated",
  /** The same line was accepted from an earlier message. */
  "inDraft",
  /** The company has this proxy already, and it has not ended. */
  "known",
  /** The draft is full. */
  "tooMany",
  /** It has another password for a login that is there, and the person chose to leave it out. */
  "otherPassword",
  /** It may be half of a line, since Telegram cuts long texts into messages. */
  "seam",
  /** It came while the bot waited for something else. */
  "elsewhere",
] as const satisfies ReadonlyArray<BadLine | OtherProblem>

type OtherProblem = "inDraft" | "known" | "tooMany" | "otherPassword" | "seam" | "elsewhere"

/** Why a line was not accepted. */
export const LineProblem = Schema.Literals(problems)
export type LineProblem = typeof LineProblem.Type

/** The report on a message with lines has counts and reasons, never the contents of a line. */
export const LinesReport = Schema.Struct({
  accepted: Schema.Int,
  rejected: Schema.Int,
  /** The first of the rejected lines. */
  bad: Schema.Array(Schema.Struct({ number: Schema.Int, problem: LineProblem })),
  /** The first of the accepted lines that have a space in the login or in the password. */
  spaced: Schema.optionalKey(Schema.Array(Schema.Int)),
  /** A line that Telegram had cut was put together again. */
  isJoined: Schema.optionalKey(Schema.Boolean),
  /** How many proxies got another password. */
  renewed: Schema.optionalKey(Schema.Int),
})
export type LinesReport = typeof LinesReport.Type

/** A line that was not accepted, for its sender to look at: their message is deleted. */
export const RefusedLine = Schema.Struct({ text: Schema.String, problem: LineProblem })
export type RefusedLine = typeof RefusedLine.Type

/** The last line of a message that may have been cut, until it is known how the text goes on. */
const Tail = Schema.Struct({
  number: Schema.Int,
  text: Schema.String,
  /** The message had the greatest length: the line counts only together with what follows. */
  isHeld: Schema.Boolean,
})

export const ProxyDraft = Schema.Struct({
  /** The message of the wizard; buttons of any other message are out of date. */
  message: MessageRef,
  /** `saved`: the proxies are saved, and the draft has nothing but refused lines. */
  step: Schema.Literals(["type", "lines", "targets", "country", "days", "saved"]),
  type: Schema.NullOr(ProxyType),
  endpoints: Schema.Array(Endpoint),
  /** The newest messages that were dealt with. Handled again after a crash, they change nothing. */
  texts: Schema.Array(Schema.Int),
  report: Schema.NullOr(LinesReport),
  /** Lines with another password for a login that is there: the person is asked what they are. */
  asked: Schema.optionalKey(Schema.Array(Endpoint)),
  /** Logins of rotating gateways, by their `endpointKey`, as the person says. */
  gateways: Schema.optionalKey(Schema.Array(Schema.String)),
  /** The lines that were not accepted, until their sender has them in a file or lets them go. */
  refused: Schema.optionalKey(Schema.Array(RefusedLine)),
  tail: Schema.optionalKey(Schema.NullOr(Tail)),
  /** The targets that the proxies were used for already. */
  targets: Schema.Array(VariantId),
  country: Schema.NullOr(CountryCode),
  /** The day from which the offered ends are counted, so that a button means what it says. */
  today: Day,
  /** When the draft was changed last. */
  at: Moment,
})
export type ProxyDraft = typeof ProxyDraft.Type

export class ProxyDrafts extends Context.Service<
  ProxyDrafts,
  {
    find(of: TelegramId): Effect.Effect<Option.Option<ProxyDraft>>
    /** Replaces the person's draft. It is on the disk when this returns, as the other changes are. */
    save(of: TelegramId, draft: ProxyDraft): Effect.Effect<void, StorageUnavailable>
    drop(of: TelegramId): Effect.Effect<void, StorageUnavailable>
    /** Drops the drafts that were not changed since `before`, and gives them. */
    expire(before: number): Effect.Effect<ReadonlyArray<ProxyDraft>, StorageUnavailable>
  }
>()("account-bot/bot/ProxyDrafts") {
  static readonly layer: Layer.Layer<ProxyDrafts, StorageUnavailable, Journal> = Layer.effect(
    ProxyDrafts,
    Effect.gen(function* () {
      const journal = yield* Journal
      const drafts = yield* load(journal)
      const oneAtATime = yield* Semaphore.make(1)

      // A change that has begun is finished both on disk and in memory, even if its caller is
      // interrupted.
      const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
        oneAtATime.withPermit(Effect.uninterruptible(self))

      const find = (of: TelegramId) => Effect.sync(() => Option.fromUndefinedOr(drafts.get(of)))

      const save = Effect.fnUntraced(function* (of: TelegramId, draft: ProxyDraft) {
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

      const drop = (of: TelegramId) =>
        exclusively(Effect.suspend(() => remove(drafts.has(of) ? [of] : [])))

      const expire = Effect.fnUntraced(function* (before: number) {
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

/** A draft that cannot be read is dropped: its owner starts afresh, and no start fails over it. */
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
