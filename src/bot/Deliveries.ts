/**
 * Shows batches to their holders and records what is known about each attempt.
 *
 * Goods arrive by an edit of the message they were asked for in: repeated, it shows nothing
 * twice. One attempt for a batch at a time, each with the batch as it stands then, so that an
 * older picture never replaces a newer one.
 */
import { Clock, Context, Duration, Effect, Exit, Layer, Option, RcMap, Semaphore } from "effect"
import { Access } from "../access/Access.ts"
import { redeliveryPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Batch, IssuanceId, MessageRef, RequestKey } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import type { KeeperCommand } from "../pool/Contract.ts"
import { Pools } from "../pool/Pools.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { Languages } from "./Languages.ts"
import type { Screen } from "./Screen.ts"
import { batchScreen } from "./screens/batch.ts"
import { Telegram } from "./Telegram.ts"
import { afterDoubt, isDefinite, type TelegramError } from "./TelegramError.ts"

export interface Showing {
  /** The message whose button was pressed, where that is a copy of the batch's own. */
  readonly on?: MessageRef
  /** The issuance whose mark is being corrected. */
  readonly changing?: IssuanceId
  /** Something to add at the end. */
  readonly note?: string
}

export class Deliveries extends Context.Service<
  Deliveries,
  {
    /**
     * Draws the batch on its message as it stands now. What nobody was known to have seen is
     * recorded as delivered, refused or unsure. Trouble is recorded and logged, not failed with.
     * Who may not use the bot any more is shown nothing.
     */
    show(resource: string, key: RequestKey, showing?: Showing): Effect.Effect<void>
    /** Shows the batch once more, in a new message. */
    sendAgain(resource: string, key: RequestKey): Effect.Effect<void>
    /** Another attempt for each batch whose delivery was refused or is unsure. */
    readonly redeliver: Effect.Effect<void>
  }
>()("account-bot/bot/Deliveries") {
  static readonly layer = Layer.effect(
    Deliveries,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const pools = yield* Pools
      const access = yield* Access
      const languages = yield* Languages
      const { autoConfirmTimeout, timezone: zone } = yield* Settings
      const turns = yield* RcMap.make({ lookup: newTurn })
      const copies = yield* makeBatchCopies

      const inTurn =
        (key: RequestKey) =>
        <A, E, R>(work: Effect.Effect<A, E, R>) =>
          Effect.scoped(Effect.flatMap(RcMap.get(turns, key), (turn) => turn.withPermit(work)))

      const record = (resource: string, command: KeeperCommand) =>
        pools
          .tell(resource, command)
          .pipe(Effect.catchTag("StorageUnavailable", () => logUnrecorded(resource, command._tag)))

      /** The batch for an attempt: what was refused is under way again, on disk before it is shown. */
      const begin = Effect.fnUntraced(function* (resource: string, key: RequestKey) {
        const batch = yield* pools.batch(resource, key)
        if (Option.isNone(batch)) return batch
        if (!(yield* access.isAllowed(batch.value.request.by))) {
          // He was removed while the item was on its way: this attempt is not made.
          const unsent = idsOf(batch, ({ delivery }) => delivery === "attempting")
          if (unsent.length > 0)
            yield* record(resource, { _tag: "DeliveryRefused", ids: unsent, request: key })
          return Option.none<Batch>()
        }
        const refused = idsOf(batch, ({ delivery }) => delivery === "refused")
        if (refused.length === 0) return batch
        yield* pools.tell(resource, { _tag: "DeliveryStarted", ids: refused })
        return yield* pools.batch(resource, key)
      })

      const attempt = Effect.fnUntraced(function* (
        resource: Resource,
        key: RequestKey,
        showing: Showing,
        put: (batch: Batch, screen: Screen, unseen: boolean) => Effect.Effect<void, TelegramError>,
      ) {
        const begun = yield* begin(resource.id, key)
        if (Option.isNone(begun)) return
        const ids = idsOf(begun, ({ delivery }) => delivery !== "delivered")
        const now = yield* Clock.currentTimeMillis
        const confirmAt = now + Duration.toMillis(autoConfirmTimeout)
        const batch = withDeadline(begun.value, ids, confirmAt)
        const texts = yield* languages.textsFor(batch.request.by)
        const screen = batchScreen({ batch, resource, now, zone, ...showing }, texts)
        yield* Effect.uninterruptibleMask((restore) =>
          Effect.gen(function* () {
            const exit = yield* Effect.exit(restore(put(batch, screen, ids.length > 0)))
            if (ids.length > 0)
              yield* record(resource.id, outcomeOf(exit, { ids, request: key }, confirmAt))
            yield* exit
          }),
        )
      })

      const start =
        (
          put: (
            batch: Batch,
            screen: Screen,
            unseen: boolean,
          ) => Effect.Effect<void, TelegramError>,
        ) =>
        (id: string, key: RequestKey, showing: Showing) => {
          const resource = pools.resources.find((each) => each.id === id)
          if (resource === undefined) return Effect.void
          return attempt(resource, key, showing, put).pipe(
            Effect.catchTags({
              TelegramError: ({ reason }) =>
                Effect.logInfo("batch not shown").pipe(
                  Effect.annotateLogs({ resource: id, request: key, reason: reason._tag }),
                ),
              StorageUnavailable: () => logUnrecorded(id, "DeliveryStarted"),
            }),
            inTurn(key),
          )
        }

      const onMessage = (on: MessageRef | undefined) =>
        start((batch, screen, unseen) => {
          const own = batch.request.message
          // A copy in another chat is not the holder's: it stays as it is.
          const pressed = on?.chatId === own.chatId ? on : own
          const edited = telegram.edit(pressed, screen).pipe(
            Effect.catchIf(
              // Somebody deleted the message; what is on the other screens stays as it was.
              ({ reason }) => unseen && reason._tag === "MessageGone",
              (gone) =>
                copies.send(batch, screen).pipe(
                  // It may have stood there before it was deleted.
                  Effect.mapError((error) => (isDefinite(gone) ? error : afterDoubt(error))),
                ),
            ),
          )
          const drawOthers = copies.drawOthers(batch, screen, pressed)
          return edited.pipe(
            Effect.tapError(({ reason }) =>
              !unseen && reason._tag === "MessageGone" ? drawOthers : Effect.void,
            ),
            Effect.andThen(drawOthers),
          )
        })

      const show = Effect.fn("Deliveries.show")(
        (resource: string, key: RequestKey, showing: Showing = {}) =>
          onMessage(showing.on)(resource, key, showing),
      )

      const again = start(copies.send)
      const sendAgain = Effect.fn("Deliveries.sendAgain")((resource: string, key: RequestKey) =>
        again(resource, key, {}),
      )

      const redeliver = Effect.gen(function* () {
        for (const { id } of pools.resources) {
          const batches = yield* pools.undelivered(id)
          yield* Effect.forEach(
            batches,
            ({ request }) =>
              Effect.catchDefect(show(id, request.key), () => logPoison(id, request.key)),
            { discard: true },
          )
        }
      }).pipe(Effect.withSpan("Deliveries.redeliver"))

      return Deliveries.of({ show, sendAgain, redeliver })
    }),
  )

  static readonly layerLoop = Layer.effectDiscard(
    Deliveries.use(({ redeliver }) => every("redelivery", redeliveryPeriod)(redeliver)),
  )
}

/** Attempts for one request wait for each other here. */
const newTurn: (key: RequestKey) => Effect.Effect<Semaphore.Semaphore> = () => Semaphore.make(1)

/** Pending issuances that are so; a mark is proof enough that its item was seen. */
const idsOf = (
  batch: Option.Option<Batch>,
  isSo: (issuance: Batch["issuances"][number]) => boolean,
): ReadonlyArray<IssuanceId> =>
  Option.match(batch, {
    onNone: () => [],
    onSome: ({ issuances }) =>
      issuances.filter((each) => each.mark === null && isSo(each)).map(({ id }) => id),
  })

/** The deadline that the message promises, before the journal has it. */
const withDeadline = (batch: Batch, ids: ReadonlyArray<IssuanceId>, confirmAt: number): Batch => ({
  ...batch,
  issuances: batch.issuances.map((each) => (ids.includes(each.id) ? { ...each, confirmAt } : each)),
})

const outcomeOf = (
  exit: Exit.Exit<void, TelegramError>,
  about: { readonly ids: ReadonlyArray<IssuanceId>; readonly request: RequestKey },
  confirmAt: number,
): KeeperCommand => {
  if (Exit.isSuccess(exit)) return { _tag: "Delivered", ...about, confirmAt }
  // An attempt that was broken off may have arrived all the same.
  const error = Exit.findErrorOption(exit)
  return Option.isSome(error) && isDefinite(error.value)
    ? { _tag: "DeliveryRefused", ...about }
    : { _tag: "DeliveryUnsure", ...about }
}

/** One batch that cannot be drawn must not hold up all that come after it. */
const logPoison = (resource: string, request: RequestKey) =>
  Effect.logError("a batch cannot be drawn").pipe(Effect.annotateLogs({ resource, request }))

const logUnrecorded = (
  resource: string,
  step: KeeperCommand["_tag"] | StorageUnavailable["_tag"],
) =>
  Effect.logWarning("delivery not recorded: the journal does not answer").pipe(
    Effect.annotateLogs({ resource, step }),
  )

/*
 * Where a batch was shown once more, so that no message goes on promising what is over. The
 * newest copy of each, in memory only: a press on a forgotten one draws it afresh.
 */

export const makeBatchCopies = Effect.gen(function* () {
  const telegram = yield* Telegram
  const copies = new Map<RequestKey, MessageRef>()

  const note = (key: RequestKey, copy: MessageRef) => {
    copies.delete(key)
    copies.set(key, copy)
    const [oldest] = copies.keys()
    if (copies.size > copiesMax && oldest !== undefined) copies.delete(oldest)
  }

  /** Below, where everything stands now; from then on it is drawn with the batch's own message. */
  const send = ({ request: { key, message } }: Batch, screen: Screen) =>
    Effect.map(telegram.send(message.chatId, screen), (copy) => note(key, copy))

  /** On all messages that show the batch but the one that was drawn. */
  const drawOthers = ({ request: { key, message } }: Batch, screen: Screen, drawn: MessageRef) =>
    Effect.forEach(
      [message, copies.get(key)],
      (other) =>
        other === undefined || other.messageId === drawn.messageId
          ? Effect.void
          : Effect.ignore(telegram.edit(other, screen)),
      { discard: true },
    )

  return { send, drawOthers }
})

/** Of about a day. */
const copiesMax = 2_000
