/**
 * Messages that show reservations of proxies and what became of them.
 *
 * One attempt for a message at a time, each with the truth of that moment, so that an older
 * picture never replaces a newer one, and nothing is drawn over goods. Goods arrive by an edit of
 * the message they were reserved on, as in Deliveries.ts; how a reservation ended stays on the
 * list of what is to be shown until Telegram has confirmed it.
 */
import { Clock, Context, Effect, Layer, Option, RcMap, Semaphore } from "effect"
import type { Access } from "../access/Access.ts"
import { Settings } from "../config/Settings.ts"
import { type MessageRef, type RequestKey, requestKeyOf } from "../domain/Issuance.ts"
import type { Proxy, Reservation } from "../domain/Proxy.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import type { Screen } from "./Keyboard.ts"
import { Languages } from "./Languages.ts"
import * as Contents from "./messageContents.ts"
import { contentFor } from "./messageContents.ts"
import * as Drawing from "./proxyDrawing.ts"
import { logUnshown } from "./proxyDrawing.ts"
import { reservedScreen } from "./screens/proxyGet.ts"
import { Telegram } from "./Telegram.ts"

type Held = Pick<Reservation, "proxy" | "generation">

export class ProxyMessages extends Context.Service<
  ProxyMessages,
  {
    /**
     * The screen in the place of what the message shows; below it where goods stand on it, or
     * where it is gone. Gives the message that shows it; none where nobody knows of one.
     */
    turnTo(message: MessageRef, screen: Screen): Effect.Effect<Option.Option<MessageRef>>
    /** Goods of any kind stand on it, or are about to. */
    hasGoods(message: MessageRef): Effect.Effect<boolean>
    /** Shows a reservation as held; how it ended, if it has by now. */
    showReserved(reservation: Reservation): Effect.Effect<void>
    /** Shows how a reservation ended, unless its message shows that. */
    showEnded(of: Held): Effect.Effect<void>
    /** The same for all that ended. */
    readonly showAllEnded: Effect.Effect<void>
    /** Something else was put on the message: how its reservation ended is not drawn over that. */
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
      const turns = yield* RcMap.make({ lookup: newTurn })
      const contents = Contents.make(yield* Pools)
      const { draw, settle } = yield* Drawing.make(contents)

      const inTurn =
        (message: MessageRef) =>
        <A, E, R>(work: Effect.Effect<A, E, R>) =>
          Effect.scoped(
            Effect.flatMap(RcMap.get(turns, requestKeyOf(message)), (turn) =>
              turn.withPermit(work),
            ),
          )

      const outcomeOf = (held: Held) =>
        Effect.map(proxies.unshown, (all) =>
          Option.fromUndefinedOr(all.find(({ reservation }) => isSame(reservation, held))),
        )

      /** In turn, and looked up again then: somebody else may have shown it meanwhile. */
      const show = (held: Held, message: MessageRef) =>
        Effect.flatMap(
          outcomeOf(held),
          Option.match({ onNone: () => Effect.void, onSome: draw }),
        ).pipe(Effect.catch(logUnshown), inTurn(message))

      const showEnded = Effect.fn("ProxyMessages.showEnded")(function* (of: Held) {
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
        // Nobody else ends it but the time: its end was shown already, or is about to be.
        if ((yield* Clock.currentTimeMillis) >= reservation.until) return
        if (Option.isNone(proxies.resource)) return
        const view = { reservation, proxy, resource: proxies.resource.value }
        yield* contents.note(reservation.message, contentFor(reservation))
        const texts = yield* languages.textsFor(reservation.by)
        yield* telegram.edit(reservation.message, reservedScreen(view, zone, texts))
      })

      const showReserved = Effect.fn("ProxyMessages.showReserved")(function* (
        reservation: Reservation,
      ) {
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

      const hasGoods = Effect.fn("ProxyMessages.hasGoods")(function* (message: MessageRef) {
        return (yield* proxies.takenOn(message)) || (yield* contents.of(message)) === "goods"
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

      const turnTo = Effect.fn("ProxyMessages.turnTo")(function* (
        message: MessageRef,
        screen: Screen,
      ) {
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
        showAllEnded,
        leave: contents.leave,
      })
    }),
  )
}

/** One person's silence must not hold up the others, and Telegram allows thirty a second. */
const showingsMax = 4

const newTurn: (key: RequestKey) => Effect.Effect<Semaphore.Semaphore> = () => Semaphore.make(1)

const isSame = (a: Held, b: Held) => a.proxy === b.proxy && a.generation === b.generation
