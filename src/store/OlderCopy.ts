/**
 * Whether the data that the bot works with are a copy that is older than the world, and what waits
 * until that is known.
 *
 * A copy that the bot made says so in its journal. Of any other one the guards in a spreadsheet tell:
 * writes of this very bot stand there that its journal does not know. Then the journal is marked too,
 * before anything else, so that whatever ends the process meanwhile the next one knows it as well.
 */
import { Context, Duration, Effect, Latch, Layer, Option, Ref, Schema } from "effect"
import { Moment } from "../domain/Day.ts"
import { caughtUpKind, CopyMark, copyKind, Journal, type StorageUnavailable } from "./Journal.ts"

/** What a start on an older copy came to; kept until the admins have heard of it. */
export const CaughtUpReport = Schema.Struct({
  /** When the copy was made; 0 where that is not known. */
  madeAt: Moment,
  /** Rows of the issued tabs that were taken over. */
  adopted: Schema.Int,
  /** Items that somebody had when the copy was made, and that are elsewhere by now. */
  elsewhere: Schema.Int,
  /** Rows that were taken from tabs after the copy was made, and lay in the inbox. */
  taken: Schema.Int,
  /** Rows of which nobody knows whether they were issued; they are in quarantine. */
  inDoubt: Schema.Int,
})
export type CaughtUpReport = typeof CaughtUpReport.Type

export class OlderCopy extends Context.Service<
  OlderCopy,
  {
    /** When the copy was made that the data are, as long as they were not brought up to date. */
    readonly made: Effect.Effect<Option.Option<number>>
    /** A spreadsheet shows that the data are older than the world, and as of when they are. */
    found(madeAt: number): Effect.Effect<void, StorageUnavailable>
    /** What is done as soon as that is found, before anything is issued. */
    onFound(work: Effect.Effect<void, StorageUnavailable>): Effect.Effect<void>
    /** Ends as soon as the data are known to be older than the world. */
    readonly awaitFound: Effect.Effect<void>
    /** The data are up to date again; what came of it is kept with that, for the admins. */
    caughtUp(report: CaughtUpReport): Effect.Effect<void, StorageUnavailable>
    /** The spreadsheet was looked at, and whatever it shows was said. */
    looked(spreadsheet: string): Effect.Effect<void>
    /** From now on whoever issues waits until these were looked at, but not for long. */
    hold(spreadsheets: ReadonlySet<string>): Effect.Effect<void>
    /** Whoever issues waits here. */
    readonly gate: Effect.Effect<void>
  }
>()("account-bot/store/OlderCopy") {
  /** Several layers provide this one, and by its reference they all share one instance. */
  static readonly layer: Layer.Layer<OlderCopy, StorageUnavailable, Journal> = Layer.effect(
    OlderCopy,
    Effect.gen(function* () {
      const journal = yield* Journal
      const marks = yield* journal.documents(copyKind)
      const isMarked = marks.length > 0
      const first = marks.flatMap(({ body }) => Option.toArray(decodeMark(body)))[0]
      const made = yield* Ref.make<Option.Option<number>>(
        isMarked ? Option.some(first?.madeAt ?? 0) : Option.none(),
      )
      const work = yield* Ref.make<Effect.Effect<void, StorageUnavailable>>(Effect.void)
      const known = yield* Latch.make(isMarked)
      const gate = yield* Latch.make(true)
      const unseen = yield* Ref.make<ReadonlySet<string>>(new Set())

      const found = Effect.fn("OlderCopy.found")(function* (madeAt: number) {
        if (Option.isSome(yield* Ref.get(made))) return
        yield* journal.write([{ _tag: "DocumentPut", kind: copyKind, key: "", body: { madeAt } }])
        yield* Ref.set(made, Option.some(madeAt))
        yield* Effect.logWarning("the data are older than what stands in the spreadsheets")
        yield* yield* Ref.get(work)
        yield* known.open
      })

      const looked = Effect.fnUntraced(function* (spreadsheet: string) {
        const left = yield* Ref.updateAndGet(
          unseen,
          (all) => new Set([...all].filter((each) => each !== spreadsheet)),
        )
        if (left.size === 0) yield* gate.open
      })

      return OlderCopy.of({
        made: Ref.get(made),
        found,
        onFound: (next) => Ref.set(work, next),
        awaitFound: known.await,
        caughtUp: (report) =>
          journal
            .write([
              { _tag: "DocumentPut", kind: caughtUpKind, key: String(report.madeAt), body: report },
              { _tag: "DocumentRemoved", kind: copyKind, key: "" },
            ])
            .pipe(Effect.andThen(known.close), Effect.andThen(Ref.set(made, Option.none()))),
        looked,
        hold: (spreadsheets) => Effect.andThen(Ref.set(unseen, spreadsheets), gate.close),
        // Once somebody has waited so long, nobody else does.
        gate: Effect.flatMap(Effect.timeoutOption(gate.await, patience), (opened) =>
          Option.isSome(opened) ? Effect.void : Effect.asVoid(gate.open),
        ),
      })
    }),
  )
}

const decodeMark = Schema.decodeUnknownOption(CopyMark)

/** Google answers within a second as a rule; nobody waits for a Google that is away. */
const patience = Duration.seconds(5)
