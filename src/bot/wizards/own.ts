/**
 * What belongs to the person who asks: items and proxies in hand, the history, the waits, and the
 * help. No button names a person, so nobody can ask for what belongs to somebody else.
 */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { historyPagesMax, waitsMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Pools } from "../../pool/Pools.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { Journal } from "../../store/Journal.ts"
import type { ActionIn, ActionOf } from "../buttons.ts"
import { ofAdminsOnly, resourcesWithCommand } from "../Commands.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { askedBy, knownOrder } from "../orders.ts"
import { type Press, Replies } from "../Replies.ts"
import { help } from "../screens/menu.ts"
import { history, isBatchPage, my, rowsFor } from "../screens/my.ts"
import { batchPage, menuPage, notice } from "../screens/parts.ts"
import { startedScreen, stoppedScreen } from "../screens/waits.ts"
import { Waitlist } from "../Waitlist.ts"

/** Gives `mine` and `helpOf` as screens, for the commands, and the answer to the buttons. */
export const makeOwn = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const access = yield* Access
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const catalogue = yield* CatalogueSource
  const regions = yield* Regions
  const mine = yield* makeMine
  const past = yield* makePast
  const waits = yield* makeWaitButtons

  const helpOf = Effect.fnUntraced(function* (userId: TelegramId) {
    const isAdmin = (yield* access.role(userId)) === "admin"
    const [region] = yield* regions.all
    const commands = { ordered: resourcesWithCommand(catalogue.resources), region }
    return help(catalogue.resources, yield* Wording, isAdmin ? ofAdminsOnly : [], commands)
  })

  /** Sends the goods of one batch once more, in a new message. */
  const sendAgain = Effect.fnUntraced(function* (press: Press, page: number) {
    const held = yield* pools.held(press.userId)
    const found = held.find(({ request }) => isBatchPage(request, page))
    if (found === undefined) return yield* menus.stale(press)
    yield* press.answer()
    return yield* deliveries.sendAgain(found.item.resource, found.request)
  })

  const page = Effect.fnUntraced(function* (press: Press, { screen, page: at }: ActionOf<"Page">) {
    switch (screen) {
      case menuPage:
        yield* press.answer()
        return yield* menus.show(press.userId, press.chatId)
      case batchPage:
        return yield* sendAgain(press, at)
      default:
        return yield* menus.stale(press)
    }
  })

  const act = Effect.fnUntraced(function* (press: Press, action: ActionIn<"own">) {
    switch (action._tag) {
      case "Help":
        return yield* replies.turn(press, yield* helpOf(press.userId))
      case "My":
        return yield* replies.turn(press, yield* mine(press.userId))
      case "History":
        return yield* replies.turn(press, yield* past(press.userId, action.page))
      case "Page":
        return yield* page(press, action)
      case "Wait":
        return yield* waits.start(press, action)
      case "Unwait":
        return yield* waits.stop(press, action)
    }
  })

  return { helpOf, mine, act }
})

/** «Мои выдачи» as it stands now. */
const makeMine = Effect.gen(function* () {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const waitlist = yield* Waitlist
  const { timezone: zone, hideValuesAfter } = yield* Settings
  const { resources } = pools
  const hideAfter = Option.getOrUndefined(hideValuesAfter)

  return Effect.fnUntraced(function* (userId: TelegramId) {
    const issuances = yield* pools.held(userId)
    const now = yield* Clock.currentTimeMillis
    const taken = { proxies: yield* proxies.heldBy(userId), today: dayOf(now, zone) }
    const waits = { waits: yield* waitlist.of(userId), resources, now, zone }
    return my(
      { issuances, resources, zone, taken, waits, hiding: { hideAfter, now } },
      yield* Wording,
    )
  })
})

/** A page of everything that was ever issued to a person. */
const makePast = Effect.gen(function* () {
  const journal = yield* Journal
  const { resources } = yield* CatalogueSource
  const { timezone: zone, hideValuesAfter } = yield* Settings
  const hideAfter = Option.getOrUndefined(hideValuesAfter)

  return Effect.fnUntraced(function* (userId: TelegramId, wanted: number) {
    const texts = yield* Wording
    const page = Math.min(wanted, historyPagesMax - 1)
    const now = yield* Clock.currentTimeMillis
    const hiding = { hideAfter, now }
    return yield* journal.booked({ holder: userId }, { limit: rowsFor(page) }).pipe(
      Effect.map((rows) => history({ rows, page, resources, zone, hiding }, texts)),
      Effect.catch(() => Effect.succeed(notice(texts.employee.history.unavailable, texts))),
    )
  })
})

/** «Сообщить, когда появится», and the end of such a wait. */
const makeWaitButtons = Effect.gen(function* () {
  const { stale } = yield* Menus
  const replies = yield* Replies
  const { resources } = yield* Pools
  const regions = yield* Regions
  const waitlist = yield* Waitlist
  const mine = yield* makeMine
  const { timezone: zone } = yield* Settings

  const start = Effect.fnUntraced(
    function* (press: Press, action: ActionOf<"Wait">) {
      const texts = yield* Wording
      const asked = askedBy(action, resources)
      const offer = { resources, regions: yield* regions.all }
      if (asked === undefined || knownOrder(asked, offer) === undefined) return yield* stale(press)
      const joined = yield* waitlist.join(press.userId, asked)
      if (Option.isNone(joined)) {
        return yield* press.alert(texts.employee.waiting.tooMany(waitsMax))
      }
      yield* press.answer()
      const screen = startedScreen(joined.value, { resources, zone }, texts)
      return yield* replies.turnTo(press.message, screen)
    },
    (self, press) => Effect.catchTag(self, "StorageUnavailable", () => diskRefused(press)),
  )

  /** A second press on the same button says the same once more: the wait is over. */
  const stop = Effect.fnUntraced(
    function* (press: Press, action: ActionOf<"Unwait">) {
      const asked = askedBy(action, resources)
      if (asked === undefined) return yield* stale(press)
      const ended = { ...asked, by: press.userId }
      yield* waitlist.leave([ended])
      yield* press.answer()
      const screen =
        action.from === "my"
          ? yield* mine(press.userId)
          : stoppedScreen(ended, resources, yield* Wording)
      return yield* replies.turnTo(press.message, screen)
    },
    (self, press) => Effect.catchTag(self, "StorageUnavailable", () => diskRefused(press)),
  )

  const diskRefused = (press: Press) =>
    Effect.flatMap(Wording, ({ refusals }) => replies.alert(press, refusals.storageUnavailable))

  return { start, stop }
})
