/**
 * The messages that show reservations of proxies and what became of them.
 *
 * The attempts for one message take turns, and each draws what is true at that moment, so that an
 * older state never replaces a newer one and nothing is drawn over goods. Goods arrive by an edit
 * of the message they were reserved on, as in Deliveries.ts. The end of a reservation stays on the
 * list of ends to be shown until Telegram has confirmed it.
 */
import { Context, Effect, Layer, Option } from "effect"
import { Access } from "../access/Access.ts"
import { Settings } from "../config/Settings.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../domain/Issuance.ts"
import type { Outcome, Proxy, Reservation } from "../domain/Proxy.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { Languages } from "./Languages.ts"
import type { Screen } from "./Screen.ts"
import { goodsScreen, releasedScreen, reservedScreen } from "./screens/proxyGet.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"
import { makeTurns } from "./turns.ts"

type Held = Pick<Reservation, "proxy" | "generation">

export class ProxyMessages extends Context.Service<
  ProxyMessages,
  {
    /**
     * Replaces what the message shows by the screen. Where it shows goods or was deleted, the screen
     * comes as a new message. Gives the message that shows the screen; none where that failed.
     */
    turnTo(message: MessageRef, screen: Screen): Effect.Effect<Option.Option<MessageRef>>
    /** Whether the message shows goods of any kind, or is about to. */
    hasGoods(message: MessageRef): Effect.Effect<boolean>
    /** Shows the reservation as held, or how it ended, if it has ended by now. */
    showReserved(reservation: Reservation): Effect.Effect<void>
    /** Shows how the reservation ended, unless its message shows that already. */
    showEnded(of: Held): Effect.Effect<void>
    /**
     * Shows that the proxy was given back, also on the message with goods whose button was pressed.
     */
    showReturned(pressed: MessageRef, reservation: Reservation): Effect.Effect<void>
    /** Draws the message with the goods of that taking again, where it still shows them. */
    showTaken(reservation: Reservation): Effect.Effect<void>
    /** The same for every reservation whose end is not shown yet. */
    readonly showAllEnded: Effect.Effect<void>
    /** To be called when something else is put on the message: no end is drawn over that. */
    leave(message: MessageRef): Effect.Effect<void>
  }
>()("account-bot/bot/ProxyMessages") {
  static readonly layer: Layer.Layer<
    ProxyMessages,
    never,
    Telegram | Proxies | Pools | Access | Languages | Settings
  > = Layer.effect(
    ProxyMessages,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const proxies = yield* Proxies
      const languages = yield* Languages
      const { timezone: zone } = yield* Settings
      const turns = makeTurns()
      /** The attempts for one message wait for each other. */
      const inTurn = (message: MessageRef) => turns(requestKeyOf(message))
      const contents = makeMessageContents(yield* Pools)
      const drawing = yield* makeProxyDrawing(contents)
      const { draw, settle } = drawing

      const outcomeOf = (held: Held) =>
        Effect.map(proxies.unshown, (all) =>
          Option.fromUndefinedOr(all.find(({ reservation }) => isSame(reservation, held))),
        )

      /** Looks the end up once more when it is its turn: it may have been shown meanwhile. */
      const show = (held: Held, message: MessageRef) =>
        Effect.flatMap(
          outcomeOf(held),
          Option.match({ onNone: () => Effect.void, onSome: draw }),
        ).pipe(Effect.catch(logUnshown), inTurn(message))

      const showEnded = Effect.fnUntraced(function* (of: Held) {
        const outcome = yield* outcomeOf(of)
        if (Option.isSome(outcome)) yield* show(of, outcome.value.reservation.message)
      })

      const showAllEnded = Effect.gen(function* () {
        yield* Effect.forEach(
          yield* proxies.unshown,
          ({ reservation }) =>
            Effect.catchDefect(show(reservation, reservation.message), () =>
              Effect.logError("the end of a reservation cannot be drawn"),
            ),
          { discard: true, concurrency: showingsMax },
        )
      }).pipe(Effect.withSpan("ProxyMessages.showAllEnded"))

      const drawReserved = Effect.fnUntraced(function* (reservation: Reservation, proxy: Proxy) {
        const outcome = yield* outcomeOf(reservation)
        if (Option.isSome(outcome)) return yield* draw(outcome.value)
        // A held reservation that is past its time ends by itself, and its end is drawn then.
        if (!(yield* proxies.isRunning(reservation))) return
        if (Option.isNone(proxies.resource)) return
        const view = { reservation, proxy, resource: proxies.resource.value }
        yield* contents.note(reservation.message, contentFor(reservation))
        const texts = yield* languages.textsFor(reservation.by)
        yield* telegram.edit(reservation.message, reservedScreen(view, zone, texts))
      })

      const showReserved = Effect.fnUntraced(function* (reservation: Reservation) {
        const proxy = yield* proxies.find(reservation.proxy)
        if (Option.isNone(proxy)) return
        yield* drawReserved(reservation, proxy.value).pipe(
          Effect.catch(logUnshown),
          inTurn(reservation.message),
        )
      })

      const endedOn = (message: MessageRef) =>
        Effect.map(proxies.unshown, (all) =>
          all.filter(
            ({ reservation }) => requestKeyOf(reservation.message) === requestKeyOf(message),
          ),
        )

      const hasGoods = Effect.fnUntraced(function* (message: MessageRef) {
        return (yield* proxies.takenOn(message)) || isGoods(yield* contents.of(message))
      })

      const put = Effect.fnUntraced(function* (message: MessageRef, screen: Screen) {
        if (yield* hasGoods(message)) return yield* telegram.send(message.chatId, screen)
        const ended = yield* endedOn(message)
        const at = yield* telegram.edit(message, screen).pipe(
          Effect.as(message),
          Effect.catchIf(
            ({ reason }) => reason._tag === "MessageGone",
            () => telegram.send(message.chatId, screen),
          ),
        )
        yield* contents.leave(message)
        yield* Effect.forEach(ended, ({ reservation }) => settle(reservation), { discard: true })
        return at
      })

      const turnTo = Effect.fnUntraced(function* (message: MessageRef, screen: Screen) {
        return yield* put(message, screen).pipe(
          Effect.asSome,
          Effect.catch((error) => Effect.as(logUnshown(error), Option.none<MessageRef>())),
          inTurn(message),
        )
      })

      return ProxyMessages.of({
        turnTo,
        hasGoods,
        showReserved,
        showEnded,
        ...makeTakenMessages({ contents, drawing, inTurn, showEnded }),
        showAllEnded,
        leave: contents.leave,
      })
    }),
  )
}

/**
 * Messages that are drawn at once: a person whom Telegram is slow to reach delays nobody, and
 * Telegram allows thirty messages a second.
 */
const showingsMax = 4

/** Draws the messages of a proxy after it was taken. */
const makeTakenMessages = ({
  contents,
  drawing: { drawGoods, drawReturned },
  inTurn,
  showEnded,
}: {
  readonly contents: Contents
  readonly drawing: Effect.Success<ReturnType<typeof makeProxyDrawing>>
  readonly inTurn: (message: MessageRef) => ReturnType<ReturnType<typeof makeTurns>>
  readonly showEnded: (of: Held) => Effect.Effect<void>
}) => ({
  showReturned: Effect.fnUntraced(function* (pressed: MessageRef, reservation: Reservation) {
    // The goods may have come in another message than the one of the reservation.
    if (requestKeyOf(pressed) !== requestKeyOf(reservation.message)) {
      yield* drawReturned(reservation, pressed).pipe(Effect.catch(logUnshown), inTurn(pressed))
    }
    yield* showEnded(reservation)
  }),
  showTaken: Effect.fnUntraced(function* (reservation: Reservation) {
    const { message } = reservation
    yield* Effect.gen(function* () {
      const content = yield* contents.of(message)
      if (content === undefined || content === goodsOf(reservation)) yield* drawGoods(reservation)
    }).pipe(Effect.catch(logUnshown), inTurn(message))
  }),
})

const isSame = (a: Held, b: Held) => a.proxy === b.proxy && a.generation === b.generation

/**
 * The content of a message is one of four: goods of a pool, a proxy that was taken, a reservation
 * (named by its generation), or something else.
 */
type Content = "goods" | `goods ${string}:${number}` | "other" | `${string}:${number}`

const contentFor = ({ proxy, generation }: Held): Content => `${proxy}:${generation}`

const goodsOf = ({ proxy, generation }: Held): Content => `goods ${proxy}:${generation}`

const isGoods = (content: Content | undefined) => content?.startsWith("goods") === true

/**
 * What the messages with proxies are known to show, so that nothing is drawn over goods, and no
 * ended reservation over something newer. Kept in memory only: after a start the journal knows
 * which messages show goods.
 */
const makeMessageContents = (pools: Pools["Service"]) => {
  const contents = new Map<RequestKey, Content>()

  const note = (message: MessageRef, content: Content) =>
    Effect.sync(() => {
      const key = requestKeyOf(message)
      contents.delete(key)
      contents.set(key, content)
      const [oldest] = contents.keys()
      if (contents.size > contentsMax && oldest !== undefined) contents.delete(oldest)
    })

  /** Goods of other resources are looked up in the pools, which never forget them. */
  const of = Effect.fnUntraced(function* (message: MessageRef) {
    const key = requestKeyOf(message)
    for (const { id } of pools.resources) {
      if (Option.isSome(yield* pools.batch(id, key))) return "goods" satisfies Content
    }
    return contents.get(key)
  })

  /** Notes that something else was put in the place of a reservation. */
  const leave = (message: MessageRef) =>
    Effect.suspend(() => {
      const content = contents.get(requestKeyOf(message))
      return content === undefined || isGoods(content) ? Effect.void : note(message, "other")
    })

  return { note, of, leave }
}

type Contents = ReturnType<typeof makeMessageContents>

/** About as many messages as there are in a day. Buttons of older ones are hardly ever pressed. */
const contentsMax = 2_000

/** Draws the end of a reservation on its message, and records that it was shown. */
const makeProxyDrawing = Effect.fnUntraced(function* (contents: Contents) {
  const telegram = yield* Telegram
  const proxies = yield* Proxies
  const access = yield* Access
  const languages = yield* Languages

  /** Where the disk refuses, the same end is drawn once more at the next round; no harm is done. */
  const settle = ({ proxy, generation }: Held) =>
    proxies
      .tell({ _tag: "Shown", proxy, generation })
      .pipe(
        Effect.catch(() =>
          Effect.logWarning("shown proxy not recorded: the journal does not answer"),
        ),
      )

  const sendGoods = Effect.fnUntraced(function* (reservation: Reservation, screen: Screen) {
    const sent = yield* telegram.send(reservation.message.chatId, screen)
    yield* contents.note(sent, goodsOf(reservation))
  })

  /** Goods come as a new message where the reservation's own shows something else by now. */
  const drawTaken = Effect.fnUntraced(function* (
    reservation: Reservation,
    screen: Screen,
    isFree: boolean,
  ) {
    const { message } = reservation
    if (!isFree) return yield* sendGoods(reservation, screen)
    return yield* telegram.edit(message, screen).pipe(
      Effect.andThen(contents.note(message, goodsOf(reservation))),
      Effect.catchIf(
        ({ reason }) => reason._tag === "MessageGone",
        () => sendGoods(reservation, screen),
      ),
    )
  })

  /** The proxy of the reservation; none where the catalogue no longer has proxies. */
  const viewOf = Effect.fnUntraced(function* (reservation: Reservation) {
    const proxy = yield* proxies.find(reservation.proxy)
    return Option.isSome(proxy) && Option.isSome(proxies.resource)
      ? { reservation, proxy: proxy.value, resource: proxies.resource.value }
      : undefined
  })

  const goodsFor = Effect.fnUntraced(function* (
    view: NonNullable<Effect.Success<ReturnType<typeof viewOf>>>,
    isReturnable: boolean,
  ) {
    const { by, targets, generation } = view.reservation
    const taking = { generation, isReturnable }
    return goodsScreen({ ...view, targets, taking }, yield* languages.textsFor(by))
  })

  /** Draws goods that are on the message already as they are by now. */
  const drawGoods = Effect.fnUntraced(function* (reservation: Reservation) {
    const view = yield* viewOf(reservation)
    const taking = yield* proxies.takingOf(reservation.proxy, reservation.by)
    if (view === undefined || Option.isNone(taking)) return
    const isReturnable = yield* proxies.isReturnable(taking.value)
    yield* telegram.edit(reservation.message, yield* goodsFor(view, isReturnable))
  })

  /** The message shows goods no more, so anything may be put on it. */
  const drawReturned = Effect.fnUntraced(function* (reservation: Reservation, message: MessageRef) {
    const view = yield* viewOf(reservation)
    if (view === undefined) return
    const texts = yield* languages.textsFor(reservation.by)
    yield* telegram.edit(message, releasedScreen(view, "returned", texts))
    yield* contents.note(message, "other")
  })

  const drawReleased = (message: MessageRef, screen: Screen) =>
    telegram.edit(message, screen).pipe(
      // There are no goods on it, so a person who can never be shown this loses nothing.
      Effect.catchIf(isForEver, logUnshown),
    )

  /** A person who may not use the bot any more is shown nothing, until they may again. */
  const draw = Effect.fnUntraced(function* ({ reservation, end }: Outcome) {
    if (!(yield* access.isAllowed(reservation.by))) return
    const { message } = reservation
    const view = yield* viewOf(reservation)
    const content = yield* contents.of(message)
    const texts = yield* languages.textsFor(reservation.by)
    const isFree = content === undefined || content === contentFor(reservation)
    if (view !== undefined) {
      if (end === "taken") {
        yield* drawTaken(reservation, yield* goodsFor(view, true), isFree)
      } else if (end === "returned") {
        const isShown = isFree || content === goodsOf(reservation)
        if (isShown)
          yield* Effect.catchIf(drawReturned(reservation, message), isForEver, logUnshown)
      } else if (isFree) {
        yield* drawReleased(reservation.message, releasedScreen(view, end, texts))
      }
    }
    yield* settle(reservation)
  })

  return { draw, settle, drawGoods, drawReturned }
})

const logUnshown = ({ reason }: TelegramError) =>
  Effect.logInfo("a message about a proxy was not shown").pipe(
    Effect.annotateLogs({ reason: reason._tag }),
  )

const isForEver = ({ reason }: TelegramError) =>
  ["Blocked", "MessageGone", "ChatNotFound", "Rejected"].includes(reason._tag)
