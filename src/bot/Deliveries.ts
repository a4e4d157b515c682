/**
 * Shows batches to their holders, and records what is known about each attempt.
 *
 * Goods arrive by an edit of the message that asked for them, because an edit that is repeated
 * shows nothing twice. The attempts for one batch take turns, and each draws the batch as it is at
 * that moment, so that an older state never replaces a newer one.
 */
import { Clock, Context, Duration, Effect, Exit, Layer, Option, Schema } from "effect"
import { Access } from "../access/Access.ts"
import { redeliveryPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import {
  type Batch,
  type Issuance,
  IssuanceId,
  MessageRef,
  RequestKey,
  requestKeyOf,
} from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import type { KeeperCommand } from "../pool/Contract.ts"
import { Pools } from "../pool/Pools.ts"
import { Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import { Languages } from "./Languages.ts"
import { html, type Screen } from "./Screen.ts"
import { batchScreen, wholeText } from "./screens/batch.ts"
import { type BatchView, isHidden } from "./screens/batchRules.ts"
import { Telegram } from "./Telegram.ts"
import type { Texts } from "./texts/Texts.ts"
import {
  afterDoubt,
  isDefinite,
  type TelegramError,
  type TelegramFailure,
} from "./TelegramError.ts"
import { makeTurns } from "./turns.ts"

/** How a batch is shown, apart from its plain state. */
export interface Showing {
  /** The message whose button was pressed: the batch's own, or a copy of it. */
  readonly on?: MessageRef
  /** The issuance that is shown whole. */
  readonly chosen?: IssuanceId
  /** The issuance whose mark is being corrected. */
  readonly changing?: IssuanceId
  /** Whether it is being asked if all that is left gets the timer's mark. */
  readonly asking?: boolean
  /** Whether the holder sees the values again that were hidden after their marks. */
  readonly revealed?: boolean
  /** A sentence to add at the end. */
  readonly note?: string
}

export class Deliveries extends Context.Service<
  Deliveries,
  {
    /**
     * Draws the batch on its message as it is now. Items that were not delivered before are then
     * recorded as delivered, refused or unsure. Trouble is recorded and logged; the call never
     * fails. A person who may not use the bot any more is shown nothing.
     */
    show(resource: string, key: RequestKey, showing?: Showing): Effect.Effect<void>
    /** Shows the batch once more, in a new message. */
    sendAgain(resource: string, key: RequestKey): Effect.Effect<void>
    /**
     * Makes another attempt for each batch whose delivery was refused or is unsure, and for each
     * message that could not be drawn as the batch is now.
     */
    readonly redeliver: Effect.Effect<void>
    /** Whether a message waits to be drawn as its batch is now. */
    readonly isBehind: Effect.Effect<boolean>
  }
>()("account-bot/bot/Deliveries") {
  static readonly layer = Layer.effect(
    Deliveries,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const pools = yield* Pools
      const access = yield* Access
      const languages = yield* Languages
      const { timezone: zone, hideValuesAfter } = yield* Settings
      const hideAfter = Option.getOrUndefined(hideValuesAfter)
      /** The attempts for one request wait for each other. */
      const inTurn = makeTurns()
      const beside = yield* makeBeside
      const copies = yield* makeBatchCopies(beside)
      const files = yield* makeBatchFiles(beside)
      const waits = makeWaits()

      const record = (resource: string, command: KeeperCommand) =>
        pools
          .tell(resource, command)
          .pipe(Effect.catchTag("StorageUnavailable", () => logUnrecorded(resource, command._tag)))

      /**
       * The batch for an attempt; none where there must not be one. Items that were refused before
       * are recorded as under way again, on the disk, before they are shown.
       */
      const begin = Effect.fnUntraced(function* (resource: string, key: RequestKey) {
        const batch = yield* pools.batch(resource, key)
        if (Option.isNone(batch)) return batch
        if (!(yield* access.isAllowed(batch.value.request.by))) {
          // The person was removed while the items were on their way: they are not shown.
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
        { put, isCopy }: Way,
      ) {
        const begun = yield* begin(resource.id, key)
        if (Option.isNone(begun)) return
        const ids = idsOf(begun, ({ delivery }) => delivery !== "delivered")
        const now = yield* Clock.currentTimeMillis
        const confirmAt = yield* pools.deadlineFromNow(resource.id, ids)
        const batch = withDeadline(begun.value, ids, confirmAt)
        const texts = yield* languages.textsFor(batch.request.by)
        const view = { batch, resource, now, zone, hideAfter, ...showing }
        const screen = batchScreen(view, texts)
        yield* Effect.uninterruptibleMask((restore) =>
          Effect.gen(function* () {
            const exit = yield* Effect.exit(restore(put(batch, screen, ids.length > 0)))
            if (ids.length > 0)
              yield* record(resource.id, outcomeOf(exit, { ids, request: key }, confirmAt))
            // The holder deleted the message, and may have kept its file.
            yield* Effect.tapError(exit, ({ reason }) =>
              reason._tag === "MessageGone" ? files.removeOld(view) : Effect.void,
            )
          }),
        )
        yield* files.draw(view, texts, { unseen: ids, isCopy })
      })

      const start = (way: Way) => (id: string, key: RequestKey, showing: Showing) => {
        const resource = pools.resources.find((each) => each.id === id)
        if (resource === undefined) return Effect.void
        return attempt(resource, key, showing, way).pipe(
          // A batch that was shown, or must not be shown, no longer waits for a redraw.
          Effect.tap(() => waits.end(key)),
          Effect.catchTags({
            TelegramError: (error) =>
              Effect.andThen(waits.note(id, key, error), logUnshown(id, key, error)),
            StorageUnavailable: () => logUnrecorded(id, "DeliveryStarted"),
          }),
          inTurn(key),
        )
      }

      const onMessage = (on: MessageRef | undefined) => {
        const put: Way["put"] = (batch, screen, unseen) => {
          const own = batch.request.message
          // A copy in another chat is not the holder's, and is left as it is.
          const pressed = on?.chatId === own.chatId ? on : own
          const edited = telegram.edit(pressed, screen).pipe(
            Effect.catchIf(
              // The message was deleted. Items that are not delivered yet come in a new message.
              ({ reason }) => unseen && reason._tag === "MessageGone",
              (gone) =>
                copies.send(batch, screen).pipe(
                  // An earlier try of the edit may have shown them before the message was deleted.
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
        }
        return start({ put, isCopy: false })
      }

      const show = (resource: string, key: RequestKey, showing: Showing = {}) =>
        onMessage(showing.on)(resource, key, showing)

      const again = start({ put: copies.send, isCopy: true })
      const sendAgain = (resource: string, key: RequestKey) => again(resource, key, {})

      const redeliver = Effect.gen(function* () {
        yield* files.sendLate
        for (const { id } of pools.resources) {
          const undelivered = (yield* pools.undelivered(id)).map(({ request }) => request.key)
          yield* Effect.forEach(
            yield* waits.dueOf(id, undelivered),
            (key) => Effect.catchDefect(show(id, key), () => logPoison(id, key)),
            { discard: true },
          )
        }
      }).pipe(Effect.withSpan("Deliveries.redeliver"))

      return Deliveries.of({ show, sendAgain, redeliver, isBehind: waits.isBehind })
    }),
  )

  static readonly layerLoop = Layer.effectDiscard(
    Deliveries.use(({ redeliver }) => every("redelivery", redeliveryPeriod)(redeliver)),
  )
}

/**
 * The batches whose messages do not show them as they are now, because Telegram did not answer or
 * wants to be asked later. Their items may be back in stock by then, and then their holders are to
 * read that.
 */
const makeWaits = () => {
  /** `until`: see observe/elapsed.ts. */
  const waits = new Map<RequestKey, { readonly resource: string; readonly until: number }>()

  const end = (key: RequestKey) => Effect.sync(() => void waits.delete(key))

  const note = (resource: string, key: RequestKey, { reason }: TelegramError) => {
    const wait = waitAfter(reason)
    if (wait === undefined) return end(key)
    return Effect.map(elapsed, (now) => {
      waits.set(key, { resource, until: now + Duration.toMillis(wait) })
    })
  }

  /** The batches to show now: the undelivered ones, and those that wait, once they may be shown. */
  const dueOf = (id: string, undelivered: ReadonlyArray<RequestKey>) =>
    Effect.map(elapsed, (now) => {
      const waiting = [...waits].flatMap(([key, { resource }]) => (resource === id ? [key] : []))
      const all = [...new Set([...undelivered, ...waiting])]
      return all.filter((key) => (waits.get(key)?.until ?? now) <= now)
    })

  return { end, note, dueOf, isBehind: Effect.sync(() => waits.size > 0) }
}

/** How long to wait before the message is drawn again; `undefined` where it never can be. */
const waitAfter = (reason: TelegramFailure): Duration.Duration | undefined => {
  if (reason._tag === "RateLimited") return reason.retryAfter
  const mayPass = reason._tag === "Unsure" || reason._tag === "Unauthorized"
  return mayPass ? Duration.zero : undefined
}

/** How a batch is put into the chat; `isCopy`: it is shown once more. */
interface Way {
  readonly put: (
    batch: Batch,
    screen: Screen,
    unseen: boolean,
  ) => Effect.Effect<void, TelegramError>
  readonly isCopy: boolean
}

/** The issuances without a mark that are so; a marked one has been seen without doubt. */
const idsOf = (
  batch: Option.Option<Batch>,
  isSo: (issuance: Batch["issuances"][number]) => boolean,
): ReadonlyArray<IssuanceId> =>
  Option.match(batch, {
    onNone: () => [],
    onSome: ({ issuances }) =>
      issuances.filter((each) => each.mark === null && isSo(each)).map(({ id }) => id),
  })

/** The batch with the deadline that its message promises, before the journal has it. */
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
  // An attempt that was interrupted may have arrived all the same.
  const error = Exit.findErrorOption(exit)
  return Option.isSome(error) && isDefinite(error.value)
    ? { _tag: "DeliveryRefused", ...about }
    : { _tag: "DeliveryUnsure", ...about }
}

const logUnshown = (resource: string, request: RequestKey, { reason }: TelegramError) =>
  Effect.logInfo("batch not shown").pipe(
    Effect.annotateLogs({ resource, request, reason: reason._tag }),
  )

/** A batch that cannot be drawn is logged, so that it does not hold up those after it. */
const logPoison = (resource: string, request: RequestKey) =>
  Effect.logError("a batch cannot be drawn").pipe(Effect.annotateLogs({ resource, request }))

const logUnrecorded = (
  resource: string,
  step: KeeperCommand["_tag"] | StorageUnavailable["_tag"],
) =>
  Effect.logWarning("delivery not recorded: the journal does not answer").pipe(
    Effect.annotateLogs({ resource, step }),
  )

/** A message that shows values of a batch beside the batch's own message. */
const Beside = Schema.Struct({
  request: RequestKey,
  message: MessageRef,
  /** The issuances in the file; a copy shows all of the batch, and has none here. */
  file: Schema.optionalKey(Schema.Array(IssuanceId)),
})
type Beside = typeof Beside.Type

const besideKind = "beside"
const decodeBeside = Schema.decodeUnknownOption(Beside)

/**
 * Notes the copies and files of batches. Where values are hidden some time after their marks, they
 * are noted on the disk, so that a restart finds what has to be hidden too.
 */
const makeBeside = Effect.gen(function* () {
  const journal = yield* Journal
  const { hideValuesAfter } = yield* Settings
  const isKept = Option.isSome(hideValuesAfter)
  const bodies = isKept ? yield* journal.documents(besideKind) : []
  const known = bodies.flatMap(({ body }) => Option.toArray(decodeBeside(body)))

  const write = (writes: ReadonlyArray<Write>) =>
    isKept && writes.length > 0
      ? journal
          .write(writes)
          .pipe(
            Effect.catchTag("StorageUnavailable", () =>
              Effect.logWarning("the disk did not note the copies and files of a batch"),
            ),
          )
      : Effect.void

  return {
    known,
    isKept,
    add: (beside: Beside) =>
      write([
        {
          _tag: "DocumentPut",
          kind: besideKind,
          key: requestKeyOf(beside.message),
          body: beside,
        },
      ]),
    forget: (messages: ReadonlyArray<MessageRef>) =>
      write(
        messages.map((message) => ({
          _tag: "DocumentRemoved",
          kind: besideKind,
          key: requestKeyOf(message),
        })),
      ),
  }
})
type KnownBeside = Effect.Success<typeof makeBeside>

/**
 * The newest copy of each batch that was shown once more, so that no message goes on promising what
 * is over. Where values are hidden some time after their marks, no older copy may stay as it was:
 * it is removed from the chat. Where they are not, a restart forgets copies, and a press on one
 * draws it afresh.
 */
const makeBatchCopies = Effect.fnUntraced(function* ({ known, isKept, add, forget }: KnownBeside) {
  const telegram = yield* Telegram
  /** More than one only where an older one could not be removed. */
  const copies = new Map<RequestKey, ReadonlyArray<MessageRef>>()
  for (const { request, message, file } of known) {
    if (file === undefined) copies.set(request, [...(copies.get(request) ?? []), message])
  }

  const note = Effect.fnUntraced(function* (request: RequestKey, copy: MessageRef) {
    const before = copies.get(request) ?? []
    copies.delete(request)
    copies.set(request, isKept ? [...before, copy] : [copy])
    yield* add({ request, message: copy })
    const [oldest] = copies
    if (copies.size > copiesMax && oldest !== undefined) {
      copies.delete(oldest[0])
      yield* forget(oldest[1])
    }
    return isKept ? before : []
  })

  /** Removes copies from the chat; one that Telegram does not remove goes on being drawn. */
  const remove = (request: RequestKey, before: ReadonlyArray<MessageRef>) =>
    Effect.forEach(
      before,
      (old) =>
        Effect.matchEffect(telegram.remove(old), {
          onFailure: () => Effect.logInfo("an older copy of a batch was not removed"),
          onSuccess: () => {
            const left = copies.get(request)?.filter((each) => each.messageId !== old.messageId)
            if (left !== undefined) copies.set(request, left)
            return forget([old])
          },
        }),
      { discard: true },
    )

  /** Sends a copy at the end of the chat; from then on it is drawn with the batch's own message. */
  const send = ({ request: { key, message } }: Batch, screen: Screen) =>
    telegram.send(message.chatId, screen).pipe(
      Effect.flatMap((copy) => note(key, copy)),
      Effect.flatMap((before) => remove(key, before)),
    )

  /** Draws the batch on the other messages that show it. */
  const drawOthers = ({ request: { key, message } }: Batch, screen: Screen, drawn: MessageRef) =>
    Effect.forEach(
      [message, ...(copies.get(key) ?? [])],
      (other) =>
        other.messageId === drawn.messageId
          ? Effect.void
          : Effect.ignore(telegram.edit(other, screen)),
      { discard: true },
    )

  return { send, drawOthers }
})

/**
 * The files with what is too long for the message of a batch. They are kept in mind to be removed
 * once their items are shown to the holder no more; a restart forgets them, unless values are
 * hidden some time after their marks.
 */
const makeBatchFiles = Effect.fnUntraced(function* ({ known, add, forget }: KnownBeside) {
  const telegram = yield* Telegram
  const files = new Map<RequestKey, ReadonlyArray<SentFile>>()
  for (const { request, message, file } of known) {
    if (file !== undefined)
      files.set(request, [...(files.get(request) ?? []), { message, of: file }])
  }
  /** Those that did not arrive, by their batch: the next round sends them again. */
  const late = new Map<RequestKey, LateFile>()

  const note = Effect.fnUntraced(function* (request: RequestKey, sent: SentFile) {
    const all = [...(files.get(request) ?? []), sent]
    files.delete(request)
    files.set(request, all)
    yield* add({ request, message: sent.message, file: sent.of })
    const [oldest] = files
    if (files.size > copiesMax && oldest !== undefined) {
      files.delete(oldest[0])
      yield* forget(oldest[1].map(({ message }) => message))
    }
  })

  /**
   * The items are on the screen by now, so a file that does not arrive is sent again, until Telegram
   * says that the person cannot be reached. After a restart it comes with the next copy.
   */
  const send = (batch: Batch, what: LateFile["what"]): Effect.Effect<void> => {
    const { key, message } = batch.request
    late.delete(key)
    return telegram
      .sendDocument(
        message.chatId,
        { name: `${what.resource.id}.txt`, bytes: new TextEncoder().encode(what.whole) },
        { html: html`${what.caption}`, keyboard: [] },
      )
      .pipe(
        Effect.flatMap((sent) => note(key, { message: sent, of: what.of })),
        Effect.catch(({ reason }) => {
          if (reason._tag !== "Blocked" && reason._tag !== "ChatNotFound") {
            late.set(key, { batch, what })
            const [oldest] = late.keys()
            if (late.size > copiesMax && oldest !== undefined) late.delete(oldest)
          }
          return Effect.logInfo("file of a batch not sent").pipe(
            Effect.annotateLogs({ resource: what.resource.id, reason: reason._tag }),
          )
        }),
      )
  }

  const sendLate = Effect.suspend(() =>
    Effect.forEach([...late.values()], ({ batch, what }) => send(batch, what), { discard: true }),
  )

  const remove = (key: RequestKey) =>
    Effect.suspend(() => {
      const sent = (files.get(key) ?? []).map(({ message }) => message)
      files.delete(key)
      late.delete(key)
      return Effect.andThen(
        Effect.forEach(sent, (file) => Effect.ignore(telegram.remove(file)), { discard: true }),
        forget(sent),
      )
    })

  /** Whether a file, sent or late, has values of other items than those that are shown. */
  const showOthers = (key: RequestKey, shown: ReadonlyArray<Issuance>) => {
    const ids = [...(files.get(key) ?? []), late.get(key)?.what].flatMap((file) => file?.of ?? [])
    return ids.some((id) => !shown.some((issuance) => issuance.id === id))
  }

  /**
   * Sends what the message of the batch has no room for, and removes what it does not show.
   * `unseen`: the items that are new to the holder.
   */
  const draw = Effect.fnUntraced(function* (
    view: BatchView,
    texts: Texts,
    { unseen, isCopy }: { readonly unseen: ReadonlyArray<IssuanceId>; readonly isCopy: boolean },
  ) {
    const { batch, resource } = view
    const { key } = batch.request
    const all = wholeText(view, texts)
    if (all === undefined) return yield* remove(key)
    const shown = batch.issuances.filter((issuance) => !isHidden(view, issuance))
    const isOther = view.revealed === true || showOthers(key, shown)
    if (isOther) yield* remove(key)
    // A file that is sent late has the values of all items that its holder still has.
    const text = isCopy || isOther || late.has(key) ? all : wholeText(view, texts, unseen)
    if (text === undefined) return
    const of = shown.map(({ id }) => id)
    yield* send(batch, { resource, whole: text, caption: texts.batch.wholeText, of })
  })

  /** Removes the file where values in it are to be hidden. */
  const removeOld = (view: BatchView) => {
    const shown = view.batch.issuances.filter((issuance) => !isHidden(view, issuance))
    const { key } = view.batch.request
    return showOthers(key, shown) ? remove(key) : Effect.void
  }

  return { draw, sendLate, removeOld }
})

interface SentFile {
  readonly message: MessageRef
  /** The issuances whose values may be in it. */
  readonly of: ReadonlyArray<IssuanceId>
}

/** A file that has not arrived yet. */
interface LateFile {
  readonly batch: Batch
  readonly what: {
    readonly resource: Resource
    readonly whole: string
    readonly caption: string
    readonly of: ReadonlyArray<IssuanceId>
  }
}

/** About as many copies as people ask for in a day. */
const copiesMax = 2_000
