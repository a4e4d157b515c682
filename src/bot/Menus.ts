/**
 * The menu as one person sees it. Its first button repeats the person's last request, where that
 * can be made again; it takes the goods on the menu's own message, as the last step of an order.
 */
import { Context, Effect, Layer } from "effect"
import { Regions } from "../access/Regions.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { isOffered, isRegistry } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Request } from "../domain/Issuance.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { type Lack, lackOf, Supplies } from "../pool/Supply.ts"
import { Journal, type Recorded } from "../store/Journal.ts"
import { Wording } from "./Languages.ts"
import { type Asked, knownOrder } from "./orders.ts"
import { type Press, Replies } from "./Replies.ts"
import type { Screen } from "./Screen.ts"
import { type Lacks, mainMenu, type Repeat } from "./screens/menu.ts"
import { saying } from "./screens/parts.ts"

export class Menus extends Context.Service<
  Menus,
  {
    /** The menu of that person. */
    of(person: TelegramId): Effect.Effect<Screen, never, Wording>
    /** A menu that begins with this order, or says that the order cannot be made. */
    beginningWith(asked: Asked): Effect.Effect<Screen, never, Wording>
    /** The resources that are empty or paused now. */
    readonly lacks: Effect.Effect<Lacks>
    /** Sends the person's menu as a new message. */
    show(person: TelegramId, chatId: number): Effect.Effect<void, never, Wording>
    /**
     * Answers a button that means nothing any more, and sends the menu. The pressed message is left
     * as it is, because nobody knows what it shows.
     */
    stale(press: Press): Effect.Effect<void, never, Wording>
  }
>()("account-bot/bot/Menus") {
  static readonly layer = Layer.effect(
    Menus,
    Effect.gen(function* () {
      const replies = yield* Replies
      const pools = yield* Pools
      const journal = yield* Journal
      const regions = yield* Regions
      const supplies = yield* Supplies
      const proxies = yield* Proxies
      const offered = (yield* CatalogueSource).resources.filter(isOffered)

      /**
       * The person's last request. The pools remember those of a day; an older one is looked up in
       * the journal, and if that fails the menu comes without it.
       */
      const lastRequest = Effect.fnUntraced(function* (by: TelegramId) {
        const [newest] = yield* pools.asked(by)
        if (newest !== undefined) return newest
        const trail = yield* journal
          .trail({ person: by, limit: trailMax })
          .pipe(
            Effect.catch(({ _tag }) =>
              Effect.as(Effect.logInfo("the last request was not looked up", _tag), []),
            ),
          )
        return trail.flatMap((recorded) => requestIn(recorded, by)).at(0)
      })

      /** The order, where it can be made right now; its stock may be empty all the same. */
      const askable = Effect.fnUntraced(function* (asked: Asked) {
        const known = yield* regions.all
        const order = knownOrder(asked, { resources: pools.resources, regions: known })
        if (order === undefined) return undefined
        const supply = yield* supplies.of(order.resource)
        const lack = lackOf(supply, { regions: [order.region], variant: order.variant })
        return lack === "paused" ? undefined : { ...order, isLacking: lack === "none" }
      })

      const lacks = Effect.gen(function* () {
        const known = yield* regions.all
        const found = new Map<string, Lack>()
        for (const resource of offered) {
          const lack = isRegistry(resource)
            ? (yield* proxies.hasFree)
              ? undefined
              : "none"
            : lackOf(yield* supplies.of(resource), { regions: known, variant: null })
          if (lack !== undefined) found.set(resource.id, lack)
        }
        return found
      }).pipe(Effect.withSpan("Menus.lacks"))

      const menuWith = Effect.fnUntraced(function* (order: Repeat | undefined) {
        return mainMenu(offered, yield* Wording, order, yield* lacks)
      })

      const of = Effect.fnUntraced(function* (person: TelegramId) {
        const request = yield* lastRequest(person)
        return yield* menuWith(request === undefined ? undefined : yield* askable(request))
      })

      const beginningWith = Effect.fnUntraced(function* (asked: Asked) {
        const order = yield* askable(asked)
        const menu = yield* menuWith(order)
        return order === undefined
          ? saying((yield* Wording).employee.repeat.impossible, menu)
          : menu
      })

      const show = Effect.fnUntraced(function* (person: TelegramId, chatId: number) {
        yield* replies.say(chatId, yield* of(person))
      })

      const stale = Effect.fnUntraced(function* (press: Press) {
        yield* press.alert((yield* Wording).gate.stale)
        yield* show(press.userId, press.chatId)
      })

      return Menus.of({ of, beginningWith, lacks, show, stale })
    }),
  )
}

/**
 * How many events are looked through for the last request: behind it stand the marks of its items,
 * and what an admin did since.
 */
const trailMax = 100

/**
 * The request of an event, where the person made one. A replacement is left out: it repeats an
 * earlier request, which somebody else may have made.
 */
const requestIn = ({ event }: Recorded, by: TelegramId): ReadonlyArray<Request> =>
  event._tag === "Issued" &&
  event.request.by === by &&
  event.issuances.every(({ replacementOf }) => replacementOf === null)
    ? [event.request]
    : []
