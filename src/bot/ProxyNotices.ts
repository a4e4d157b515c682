/**
 * What the bot says of proxies by itself: how reservations ended whose messages do not show it
 * yet, and to whoever took one that it ends soon. Drafts that were forgotten go too.
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

/** Each kind in a fiber of its own, so that a slow one holds up no other. */
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
      const ends = (yield* PubSub.takeAll(events)).filter(isByTheWay)
      yield* Effect.forEach(ends, messages.showEnded, { discard: true, concurrency: showingsMax })
    })

    /** Who was told of which, until that is recorded for all who took it. */
    const told = new Map<TelegramId, Set<Proxy["id"]>>()
    const isTold = (holder: TelegramId, { id }: Proxy) => told.get(holder)?.has(id) === true

    /** `true`: there is nobody left to tell, be it that they cannot be reached. */
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

    /** One message for each person, however many of hers end. */
    const tellEnding = Effect.gen(function* () {
      const ending = yield* proxies.ending
      const holders = new Set(ending.flatMap((each) => each.holders))
      for (const holder of holders) {
        const hers = ending.flatMap(({ proxy, holders: all }) =>
          all.includes(holder) && !isTold(holder, proxy) ? [proxy] : [],
        )
        if (hers.length === 0 || !(yield* tell(holder, hers))) continue
        told.set(holder, new Set([...(told.get(holder) ?? []), ...hers.map(({ id }) => id)]))
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
        const known = yield* proxies.known(draft.endpoints)
        // A private chat has the number of its person.
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

/** Ends that nobody asked for; the others are shown by the tap that made them. */
const isByTheWay = (
  event: ProxyEvent,
): event is Extract<ProxyEvent, { readonly _tag: "ProxyReleased" }> =>
  event._tag === "ProxyReleased" && event.reason !== "cancelled"

/** One person's silence must not hold up the others. */
const showingsMax = 4

const isForEver: ReadonlySet<string> = new Set(["Blocked", "ChatNotFound", "Rejected"])
