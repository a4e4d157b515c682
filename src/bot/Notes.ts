/**
 * Private notes that people must get about what was decided, as one sentence each.
 *
 * A note is on the disk until Telegram has answered, where possible from one write with the
 * decision: a kill or an outage delays it and does not lose it. Where Telegram's answer is lost, a
 * note may come twice. An admin who is left in peace gets none: /audit tells him of all decisions.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { noteKept, noteRetryMax, redeliveryPeriod } from "../config/Limits.ts"
import { Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { every } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { freshIds } from "../pool/Pool.ts"
import { Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
import { Languages } from "./Languages.ts"
import { sentence } from "./screens/parts.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"
import type { Texts } from "./texts/Texts.ts"

export interface Note {
  readonly to: TelegramId
  readonly say: (texts: Texts) => string
}

/** Notes before the decision that they are about. */
interface Prepared {
  /** To be written together with the decision. */
  readonly writes: ReadonlyArray<Write>
  /** Sends those that were written; none where nothing was decided. */
  readonly send: Effect.Effect<void>
}

export class Notes extends Context.Service<
  Notes,
  {
    /** Words the notes in the language of whoever gets them. */
    prepare(notes: ReadonlyArray<Note>): Effect.Effect<Prepared>
    /** Writes notes about what stands already, and sends them. */
    tell(notes: ReadonlyArray<Note>): Effect.Effect<void>
    /** Sends what is on the disk and not under way. */
    readonly sendDue: Effect.Effect<void>
  }
>()("account-bot/bot/Notes") {
  static readonly layer = Layer.effect(
    Notes,
    Effect.gen(function* () {
      const journal = yield* Journal
      const languages = yield* Languages
      const { sendOne, holdBack, isDue, tidy } = yield* makeSending

      const written = Effect.map(journal.documents(kind), (all) =>
        all.flatMap(({ key, body }) =>
          Option.match(decode(body), {
            onNone: () => [],
            onSome: (note): ReadonlyArray<Written> => [{ key, ...note }],
          }),
        ),
      )

      /** Sends to several people at once, and to each of them in order. */
      const sendAll = (notes: ReadonlyArray<Written>) =>
        Effect.forEach(
          Map.groupBy(notes, ({ to }) => to).values(),
          (theirs) => Effect.forEach(theirs, sendOne, { discard: true }),
          { concurrency: sendingMax, discard: true },
        )

      const prepare = Effect.fnUntraced(function* (notes: ReadonlyArray<Note>) {
        const at = yield* Clock.currentTimeMillis
        const keys = yield* freshIds(notes.length, (text) => text)
        const worded = yield* Effect.forEach(notes, ({ to, say }, index) =>
          Effect.map(languages.textsFor(to), (texts): Written => {
            return { key: keys[index] ?? "", to, text: say(texts), at }
          }),
        )
        yield* holdBack(keys)
        const prepared: Prepared = {
          writes: worded.map(({ key, ...body }) => ({ _tag: "DocumentPut", kind, key, body })),
          send: Effect.flatMap(written, (all) =>
            sendAll(all.filter(({ key }) => keys.includes(key))),
          ).pipe(untilTheDiskIsBack),
        }
        return { prepared, worded }
      })

      /** Without the disk a note is sent all the same, though only once. */
      const tell = Effect.fnUntraced(function* (notes: ReadonlyArray<Note>) {
        if (notes.length === 0) return
        const { prepared, worded } = yield* prepare(notes)
        yield* journal
          .write(prepared.writes)
          .pipe(untilTheDiskIsBack, Effect.andThen(sendAll(worded)))
      })

      const sendDue = Effect.gen(function* () {
        const [all, now] = [yield* written, yield* elapsed]
        yield* sendAll(all.filter(({ key }) => isDue(key, now)))
        tidy(new Set(all.map(({ key }) => key)), now)
      }).pipe(untilTheDiskIsBack, Effect.withSpan("Notes.sendDue"))

      return Notes.of({
        prepare: (notes) => Effect.map(prepare(notes), ({ prepared }) => prepared),
        tell,
        sendDue,
      })
    }),
  )

  static readonly layerLoop = Layer.effectDiscard(
    Notes.use(({ sendDue }) => every("notes", redeliveryPeriod)(sendDue)),
  )
}

/** People who are written to at once: one whom Telegram is slow to reach delays nobody. */
const sendingMax = 4

/** Worded in the language that its reader had when it was decided. */
const Body = Schema.Struct({ to: TelegramId, text: Schema.String, at: Moment })

interface Written extends Schema.Schema.Type<typeof Body> {
  readonly key: string
}

const kind = "note"
const decode = Schema.decodeUnknownOption(Body)

const makeSending = Effect.gen(function* () {
  const journal = yield* Journal
  const telegram = yield* Telegram
  const tellAdmins = yield* TellAdmins
  const underWay = new Set<string>()
  /** Those that are done with, until the disk is known to have them no more. */
  const told = new Set<string>()
  /** When each is tried again, see observe/elapsed.ts, and how long that pause is. */
  const pauses = new Map<string, { readonly until: number; readonly pause: number }>()

  /** Leaves them to whoever prepared them, for as long as a decision may take. */
  const holdBack = (keys: ReadonlyArray<string>) =>
    Effect.map(elapsed, (now) => {
      for (const key of keys) pauses.set(key, { until: now + firstPause, pause: 0 })
    })

  const isDue = (key: string, now: number) => (pauses.get(key)?.until ?? now) <= now

  /** Lets go of what is on the disk no more. */
  const tidy = (onDisk: ReadonlySet<string>, now: number) => {
    for (const [key, { until }] of pauses) {
      if (!onDisk.has(key) && until <= now) pauses.delete(key)
    }
    for (const key of told) if (!onDisk.has(key)) told.delete(key)
  }

  const forget = Effect.fnUntraced(function* (key: string) {
    told.add(key)
    yield* journal.write([{ _tag: "DocumentRemoved", kind, key }])
    pauses.delete(key)
  }, untilTheDiskIsBack)

  const attempt = Effect.fnUntraced(function* ({ key, to, text, at }: Written) {
    if (told.has(key) || (yield* tellAdmins.leftInPeace).includes(to)) return yield* forget(key)
    const failure = yield* telegram.send(to, sentence(text)).pipe(
      Effect.as(undefined),
      Effect.catch(({ reason }: TelegramError) => Effect.succeed(reason)),
    )
    if (failure === undefined) return yield* forget(key)
    yield* tellAdmins.missed(to, failure._tag)
    const age = (yield* Clock.currentTimeMillis) - at
    const isOver = isForEver.has(failure._tag) || age > Duration.toMillis(noteKept)
    yield* Effect.logInfo("somebody was not told of a decision").pipe(
      Effect.annotateLogs({ user: to, reason: failure._tag, again: !isOver }),
    )
    if (isOver) return yield* forget(key)
    const longer = Math.min((pauses.get(key)?.pause ?? 0) * 2, Duration.toMillis(noteRetryMax))
    const asked = failure._tag === "RateLimited" ? Duration.toMillis(failure.retryAfter) : 0
    const pause = Math.max(longer, asked, firstPause)
    pauses.set(key, { until: (yield* elapsed) + pause, pause })
  })

  const sendOne = (note: Written) =>
    Effect.suspend(() => {
      if (underWay.has(note.key)) return Effect.void
      underWay.add(note.key)
      return Effect.ensuring(
        attempt(note),
        Effect.sync(() => underWay.delete(note.key)),
      )
    })

  return { sendOne, holdBack, isDue, tidy }
})

/** While the disk refuses, the notes stay as they are for the next round. */
const untilTheDiskIsBack = <A, R>(self: Effect.Effect<A, StorageUnavailable, R>) =>
  Effect.catch(Effect.asVoid(self), ({ message }) => Effect.logDebug(message))

const firstPause = Duration.toMillis(redeliveryPeriod)

/** Refusals that will not change at another try. */
const isForEver: ReadonlySet<string> = new Set(["Blocked", "ChatNotFound", "Rejected"])
