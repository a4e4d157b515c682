/**
 * Hides the values of items in the chat some time after their marks, where HIDE_VALUES_AFTER says
 * so. What is hidden, Deliveries draws by the clock; this sees to it that each message is drawn then,
 * also one that nothing else happens to.
 *
 * The journal knows up to which mark all values are hidden, and which batches are shown once more. A
 * start goes on from there: a kill may have come before the edit, or Telegram may have been away. An
 * edit that is repeated shows nothing twice.
 */
import { Clock, Duration, Effect, Layer, Option, Schema } from "effect"
import { correctionWindow, hidePeriod, timerEditsPause } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { ResourceId } from "../domain/Catalogue.ts"
import { Moment } from "../domain/Day.ts"
import { RequestKey } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { Pools } from "../pool/Pools.ts"
import { makeCursor } from "../store/cursor.ts"
import { Journal, type Write } from "../store/Journal.ts"
import { Deliveries } from "./Deliveries.ts"
import { markedOf } from "./TimerNotices.ts"

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { hideValuesAfter } = yield* Settings
    if (Option.isSome(hideValuesAfter)) return yield* hiding(hideValuesAfter.value)
    // Messages that are drawn meanwhile show their values: with the setting on, all are hidden anew.
    if ((yield* readHidden) > 0) {
      yield* (yield* Journal).write([hidden.removed])
    }
  }),
)

const hiding = Effect.fnUntraced(function* (hideAfter: Duration.Duration) {
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const journal = yield* Journal
  const after = Duration.toMillis(hideAfter)

  /** The newest mark whose values were asked to be hidden. */
  let asked = yield* readHidden
  /** Whether something was drawn of which the disk does not know yet. */
  let isUnnoted = false
  /** The keys of what was shown once more and asked to be hidden again. */
  const askedAgain = new Set<string>()

  const oldBatches = Effect.fnUntraced(function* (from: number, through: number) {
    const old = new Map<RequestKey, string>()
    for (const { id } of pools.resources) {
      for (const { request, mark } of yield* markedOf(pools, id)) {
        if (mark !== null && mark.at > from && mark.at <= through) old.set(request, id)
      }
    }
    return old
  })

  /** Whether what was shown again is to be hidden now: also once no button would show it. */
  const isOver = Effect.fnUntraced(function* ({ resource, request, at }: Shown, now: number) {
    if (now >= at + after) return true
    const batch = Option.getOrUndefined(yield* pools.batch(resource, request))
    const window = Duration.toMillis(correctionWindow)
    const hasEnded = (end: number) => at < end && end <= now
    return (
      batch === undefined ||
      batch.issuances.some(({ mark }) => mark !== null && hasEnded(mark.at + window))
    )
  })

  const shownAgain = Effect.map(journal.documents(shownKind), (all) =>
    all.flatMap(({ key: name, body }) => {
      const shown = Option.getOrUndefined(decodeShown(body))
      return shown === undefined || askedAgain.has(name) ? [] : [{ name, ...shown }]
    }),
  )

  const once = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const through = now - after
    // A clock that was set back marks items with times that this has passed already.
    asked = Math.min(asked, through)
    const due = yield* oldBatches(asked, through)
    const again = yield* shownAgain
    for (const shown of again) {
      const isLater = again.some(({ request, at }) => request === shown.request && at > shown.at)
      if (!isLater && !(yield* isOver(shown, now))) continue
      askedAgain.add(shown.name)
      if (!isLater) due.set(shown.request, shown.resource)
    }
    for (const [request, resource] of due) {
      yield* deliveries.show(resource, request)
      if (due.size > 1) yield* Effect.sleep(timerEditsPause)
    }
    asked = through
    isUnnoted ||= due.size + askedAgain.size > 0
    if (!isUnnoted || (yield* deliveries.isBehind)) return
    yield* journal.write([
      hidden.through(asked),
      ...[...askedAgain].map((name): Write => ({
        _tag: "DocumentRemoved",
        kind: shownKind,
        key: name,
      })),
    ])
    isUnnoted = false
    askedAgain.clear()
  }).pipe(
    Effect.catchTag("StorageUnavailable", () =>
      Effect.logInfo("the disk did not note which values were hidden"),
    ),
  )

  yield* every("hidden values", hidePeriod)(once)
})

const hidden = makeCursor("hidden", "marks")

/** Without a note of it, everything that memory knows and that is old is hidden. */
const readHidden = Effect.map(
  hidden.noted,
  Option.getOrElse(() => 0),
)

/** A batch whose hidden values its holder asked for. */
const Shown = Schema.Struct({ resource: ResourceId, request: RequestKey, at: Moment })
type Shown = typeof Shown.Type

const shownKind = "shownAgain"
const decodeShown = Schema.decodeUnknownOption(Shown)

/** To be written before the values are shown, so that they are hidden again whatever happens. */
export const shownUntilHidden = (shown: Shown): Write => ({
  _tag: "DocumentPut",
  kind: shownKind,
  // A key of its own for each time: what ends one must not end a later one.
  key: `${shown.request}:${shown.at}`,
  body: shown,
})
