/**
 * The menu as one person sees it: the last request, if it can be made again, is its first button.
 *
 * That button asks for goods on the menu's own message, as the last step of the wizard would.
 */
import { Context, Effect, Layer } from "effect"
import { Regions } from "../access/Regions.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Request } from "../domain/Issuance.ts"
import { Pools } from "../pool/Pools.ts"
import { Journal, type Recorded } from "../store/Journal.ts"
import { Wording } from "./Languages.ts"
import { type Asked, type KnownOrder, knownOrder } from "./orders.ts"
import { type Press, Replies } from "./Replies.ts"
import type { Screen } from "./Screen.ts"
import { mainMenu } from "./screens/menu.ts"
import { saying } from "./screens/parts.ts"

export class Menus extends Context.Service<
  Menus,
  {
    of(person: TelegramId): Effect.Effect<Screen, never, Wording>
    /** The menu that begins with this order, or says that it cannot be made. */
    beginningWith(asked: Asked): Effect.Effect<Screen, never, Wording>
    /** Sends it as a new message. */
    show(person: TelegramId, chatId: number): Effect.Effect<void, never, Wording>
    /** Answers a button that means nothing any more. Its message stays: nobody knows what it shows. */
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
      const offered = (yield* CatalogueSource).resources.filter(isOffered)

      /** Memory knows a day; what was before stands in the record, whose faults are no reason to wait. */
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

      /** What can be asked for right now, though there may be nothing in stock. */
      const askable = Effect.fnUntraced(function* (asked: Asked) {
        const order = knownOrder(asked, { resources: pools.resources, regions: yield* regions.all })
        if (order === undefined) return undefined
        const { paused } = yield* pools.stock(order.resource.id)
        return paused === null ? order : undefined
      })

      const menuWith = (order: KnownOrder | undefined) =>
        Effect.map(Wording, (texts) => mainMenu(offered, texts, order))

      const of = Effect.fn("Menus.of")(function* (person: TelegramId) {
        const request = yield* lastRequest(person)
        return yield* menuWith(request === undefined ? undefined : yield* askable(request))
      })

      const beginningWith = Effect.fn("Menus.beginningWith")(function* (asked: Asked) {
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

      return Menus.of({ of, beginningWith, show, stale })
    }),
  )
}

/** The last request is followed by some events of its items, and by what an admin did since. */
const trailMax = 100

/** Proxies have no pool here and a menu of their own; anything else needs a tab to come from. */
const isOffered = ({ group, baseTabs }: Resource) => group === "proxies" || baseTabs.length > 0

/** A replacement says again what was asked for before it, perhaps by somebody else. */
const requestIn = ({ event }: Recorded, by: TelegramId): ReadonlyArray<Request> =>
  event._tag === "Issued" &&
  event.request.by === by &&
  event.issuances.every(({ replacementOf }) => replacementOf === null)
    ? [event.request]
    : []
