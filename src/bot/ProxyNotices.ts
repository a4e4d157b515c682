/**
 * What the bot tells people about proxies unasked: that a reservation has ended, and that a proxy
 * which they took ends soon. It also drops drafts that nobody has touched for long, and says so.
 */
import { Clock, Duration, Effect, Layer, PubSub } from "effect"
import { Access } from "../access/Access.ts"
import { proxyDraftKept, redeliveryPeriod } from "../config/Limits.ts"
import { TelegramId } from "../domain/Employee.ts"
import type { Proxy } from "../domain/Proxy.ts"
import type { ProxyEvent } from "../domain/ProxyEvent.ts"
import { every, supervise } from "../observe/background.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { Languages } from "./Languages.ts"
import { ProxyDrafts } from "./ProxyDrafts.ts"
import { ProxyMessages } from "./ProxyMessages.ts"
import { endedScreen } from "./screens/proxyAdd.ts"
import { endingScreen } from "./screens/proxyGet.ts"
import { Telegram } from "./Telegram.ts"

/** Each kind of notice has a fiber of its own, so that a slow one delays no other. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const proxies = yield* Proxies
    const messages = yield* ProxyMessages
    const drafts = yield* ProxyDrafts
    const telegram = yield* Telegram
    const access = yield* Access
    const languages = yield* Languages
    const events = yield* proxies.events

    const showReleased = Effect.gen(function* () {
      const ends = (yield* PubSub.takeAll(events)).filter(isUnasked)
      yield* Effect.forEach(ends, messages.showEnded, { discard: true, concurrency: showingsMax })
    })

    /** Who was told of which proxy, until it is recorded that all of its holders were told. */
    const told = new Map<TelegramId, Set<Proxy["id"]>>()
    const isTold = (holder: TelegramId, { id }: Proxy) => told.get(holder)?.has(id) === true

    /** `true` means that the person was told, or can never be. */
    const tell = Effect.fnUntraced(function* (holder: TelegramId, ending: ReadonlyArray<Proxy>) {
      if (!(yield* access.isAllowed(holder))) return true
      const texts = yield* languages.textsFor(holder)
      return yield* telegram.send(holder, endingScreen(ending, texts), { silent: true }).pipe(
        Effect.as(true),
        Effect.catch(({ reason }) =>
          Effect.logInfo("an end of proxies was not told").pipe(
            Effect.annotateLogs({ user: holder, reason: reason._tag }),
            Effect.as(isForEver.has(reason._tag)),
          ),
        ),
      )
    })

    /** Sends each person one message, however many of their proxies end. */
    const tellEnding = Effect.gen(function* () {
      const ending = yield* proxies.ending
      const holders = new Set(ending.flatMap((each) => each.holders))
      for (const holder of holders) {
        const theirs = ending.flatMap(({ proxy, holders: all }) =>
          all.includes(holder) && !isTold(holder, proxy) ? [proxy] : [],
        )
        if (theirs.length === 0 || !(yield* tell(holder, theirs))) continue
        told.set(holder, new Set([...(told.get(holder) ?? []), ...theirs.map(({ id }) => id)]))
      }
      const ids = ending
        .filter(({ proxy, holders: all }) => all.every((holder) => isTold(holder, proxy)))
        .map(({ proxy }) => proxy.id)
      if (ids.length === 0) return
      yield* proxies.tell({ _tag: "ExpiryTold", ids })
      for (const all of told.values()) for (const id of ids) all.delete(id)
    })

    const dropForgotten = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const old = yield* drafts.expire(now - Duration.toMillis(proxyDraftKept))
      for (const draft of old) {
        // It had refused lines only, and its message may show something else by now.
        if (draft.step === "saved") continue
        const known = yield* proxies.known(draft.endpoints)
        // The id of a private chat is that of its person.
        const texts = yield* languages.textsFor(TelegramId.make(draft.message.chatId))
        yield* Effect.ignore(telegram.edit(draft.message, endedScreen(draft, known, texts)))
      }
    })

    yield* showReleased.pipe(supervise("ends of reservations"))
    yield* every("reservations not shown", redeliveryPeriod)(messages.showAllEnded)
    yield* every("ends of proxies", redeliveryPeriod)(tellEnding)
    yield* every("forgotten drafts", redeliveryPeriod)(dropForgotten)
  }),
)

/** Ends that nobody asked for. A tap that ends a reservation shows that by itself. */
const isUnasked = (
  event: ProxyEvent,
): event is Extract<ProxyEvent, { readonly _tag: "ProxyReleased" }> =>
  event._tag === "ProxyReleased" && event.reason !== "cancelled"

/** Messages that are drawn at once: a person whom Telegram is slow to reach delays nobody. */
const showingsMax = 4

/** Refusals that will not change at another try. */
const isForEver: ReadonlySet<string> = new Set(["Blocked", "ChatNotFound", "Rejected"])
