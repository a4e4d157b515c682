/**
 * The menu as one person sees it: the last request, if it can be made again, is its first button.
 *
 * That button asks for goods on the menu's own message, as the last step of the wizard would.
 */
import { Effect } from "effect"
import { Regions } from "../../access/Regions.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Request } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { Journal, type Recorded } from "../../store/Journal.ts"
import { Wording } from "../Languages.ts"
import { type Asked, type KnownOrder, knownOrder } from "../orders.ts"
import { mainMenu } from "../screens/menu.ts"
import { saying } from "../screens/parts.ts"

export const make = Effect.gen(function* () {
  const pools = yield* Pools
  const journal = yield* Journal
  const regions = yield* Regions
  const offered = (yield* CatalogueSource).resources.filter(isOffered)
  const texts = yield* Wording

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

  const menuWith = (order: KnownOrder | undefined) => mainMenu(offered, texts, order)

  /** The menu of a person. */
  const of = Effect.fn("menus.of")(function* (person: TelegramId) {
    const request = yield* lastRequest(person)
    return menuWith(request === undefined ? undefined : yield* askable(request))
  })

  /** The menu that begins with this order, or says that it cannot be made. */
  const beginningWith = Effect.fn("menus.beginningWith")(function* (asked: Asked) {
    const order = yield* askable(asked)
    const menu = menuWith(order)
    return order === undefined ? saying(texts.employee.repeat.impossible, menu) : menu
  })

  return { of, beginningWith }
})

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
