/** Draws how a reservation ended on its message, and records that it was shown. */
import { Effect, Option } from "effect"
import { Access } from "../access/Access.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import type { Outcome, Reservation } from "../domain/Proxy.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import type { Screen } from "./Keyboard.ts"
import { Languages } from "./Languages.ts"
import { contentFor, type Contents } from "./messageContents.ts"
import { releasedScreen } from "./screens/proxyGet.ts"
import { goodsScreen } from "./screens/proxyGoods.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"

export const make = Effect.fnUntraced(function* (contents: Contents) {
  const telegram = yield* Telegram
  const proxies = yield* Proxies
  const access = yield* Access
  const languages = yield* Languages

  /** Where the disk refuses it is shown once more at the next round, and that changes nothing. */
  const settle = ({ proxy, generation }: Pick<Reservation, "proxy" | "generation">) =>
    proxies
      .tell({ _tag: "Shown", proxy, generation })
      .pipe(
        Effect.catch(() =>
          Effect.logWarning("shown proxy not recorded: the journal does not answer"),
        ),
      )

  const sendGoods = Effect.fnUntraced(function* (message: MessageRef, screen: Screen) {
    yield* contents.note(yield* telegram.send(message.chatId, screen), "goods")
  })

  /** Goods come below a message that shows something else by now. */
  const drawTaken = Effect.fnUntraced(function* (
    { message }: Reservation,
    screen: Screen,
    isFree: boolean,
  ) {
    if (!isFree) return yield* sendGoods(message, screen)
    return yield* telegram.edit(message, screen).pipe(
      Effect.andThen(contents.note(message, "goods")),
      Effect.catchIf(
        ({ reason }) => reason._tag === "MessageGone",
        () => sendGoods(message, screen),
      ),
    )
  })

  const drawReleased = (message: MessageRef, screen: Screen) =>
    telegram.edit(message, screen).pipe(
      // There is nothing to be had on it: who cannot be shown that has lost nothing.
      Effect.catchIf(isForEver, logUnshown),
    )

  /** Who may not use the bot any more is shown nothing, until they may again. */
  const draw = Effect.fnUntraced(function* ({ reservation, end }: Outcome) {
    if (!(yield* access.isAllowed(reservation.by))) return
    const proxy = yield* proxies.find(reservation.proxy)
    const content = yield* contents.of(reservation.message)
    const texts = yield* languages.textsFor(reservation.by)
    const isFree = content === undefined || content === contentFor(reservation)
    if (Option.isSome(proxy) && Option.isSome(proxies.resource)) {
      const view = { reservation, proxy: proxy.value, resource: proxies.resource.value }
      if (end === "taken") {
        const screen = goodsScreen({ ...view, targets: reservation.targets }, texts)
        yield* drawTaken(reservation, screen, isFree)
      } else if (isFree) {
        yield* drawReleased(reservation.message, releasedScreen(view, end, texts))
      }
    }
    yield* settle(reservation)
  })

  return { draw, settle }
})

export const logUnshown = ({ reason }: TelegramError) =>
  Effect.logInfo("a message about a proxy was not shown").pipe(
    Effect.annotateLogs({ reason: reason._tag }),
  )

const isForEver = ({ reason }: TelegramError) =>
  ["Blocked", "MessageGone", "ChatNotFound", "Rejected"].includes(reason._tag)
