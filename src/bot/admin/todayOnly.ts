/**
 * /numbers_today_mod: whether only items of today are issued, or items of any day.
 *
 * The pool keeps the mode; here it is shown with what it holds back, and switched. Switching to
 * the mode that is on already changes nothing and tells nobody.
 */
import { Effect } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { formatDay } from "../../domain/Day.ts"
import type { Stock } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, type Html, html, type Screen } from "../Screen.ts"
import { lines, menuBelow, notice, tap } from "../screens/parts.ts"
import { type Texts, uncapitalised } from "../texts/Texts.ts"
import { type Area, type Asked, Decisions } from "./Admins.ts"

interface Mode {
  readonly resource: Resource
  readonly stock: Stock
}

export const makeTodayOnly = Effect.gen(function* () {
  const replies = yield* Replies
  const { stale } = yield* Menus
  const pools = yield* Pools
  const decisions = yield* Decisions
  const resources = pools.resources.filter(({ dayBound }) => dayBound === true)

  const draw = Effect.fnUntraced(function* (switched?: Resource) {
    const texts = yield* Wording
    const modes = yield* Effect.forEach(resources, (resource) =>
      Effect.map(pools.stock(resource.id), (stock) => ({ resource, stock })),
    )
    return todayOnlyScreen(modes, switched, texts)
  })

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, yield* draw())
  })

  const turn = Effect.fnUntraced(function* (press: Press, resource: Resource, on: boolean) {
    const isChanged = ((yield* pools.stock(resource.id)).onlyDay !== null) !== on
    yield* pools.tell(resource.id, { _tag: "SetTodayOnly", on, admin: press.userId })
    yield* Effect.logInfo("today-only mode set").pipe(
      Effect.annotateLogs({ resource: resource.id, on, admin: press.userId }),
    )
    // The timer would begin the return too; begun here, the screen can say how many go back.
    if (on) yield* Effect.ignore(pools.tell(resource.id, { _tag: "BeginReturn" }))
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(resource))
    if (!isChanged) return
    yield* decisions.tellOthers(press.userId, (by, { admin, label }) => {
      const name = label(resource.label)
      return on ? admin.todayOnly.switchedOnBy(name, by) : admin.todayOnly.switchedOffBy(name, by)
    })
  })

  const set = Effect.fnUntraced(function* (
    press: Press,
    { resource: id, on }: ActionOf<"TodayOnly">,
  ) {
    const resource = resources.find((each) => each.id === id)
    if (resource === undefined) return yield* stale(press)
    return yield* turn(press, resource, on === "on")
  })

  const area: Area = {
    commands: { numbers_today_mod: open, numbers_today_mode: open },
    buttons: { TodayOnly: set },
  }
  return area
})

/** `switched`: the resource whose mode was set just now. */
export const todayOnlyScreen = (
  modes: ReadonlyArray<Mode>,
  switched: Resource | undefined,
  texts: Texts,
): Screen => {
  const words = texts.admin.todayOnly
  if (modes.length === 0) return notice(words.none, texts)
  return {
    html: lines(
      bold(words.title),
      ...modes.flatMap((mode) => [html``, ...modeText(mode, mode.resource === switched, texts)]),
    ),
    keyboard: [
      ...modes.map((mode) => [switchButton(mode, modes.length === 1, texts)]),
      menuBelow(texts),
    ],
  }
}

const modeText = (
  { resource, stock }: Mode,
  isSwitched: boolean,
  texts: Texts,
): ReadonlyArray<Html> => {
  const words = texts.admin.todayOnly
  const { onlyDay, available, hidden, returning } = stock
  const label = texts.label(resource.label)
  const name = uncapitalised(label)
  const tabs = resource.baseTabs.map(({ title }) => title).join(", ")
  const state = onlyDay === null ? words.isOff : words.isOn
  const done = onlyDay === null ? words.switchedOff : words.switchedOn(name, returning, tabs)
  const meaning = onlyDay === null ? words.whenOff(name) : words.whenOn(name, formatDay(onlyDay))
  return [
    bold(label),
    html`${isSwitched ? done : state}`,
    html`${meaning}`,
    html`${words.stock(available)}`,
    ...(hidden > 0 ? [html`${words.hidden(hidden)}`] : []),
    ...(returning > 0 ? [html`${words.returning(returning)}`] : []),
  ]
}

const switchButton = ({ resource, stock }: Mode, isOnly: boolean, texts: Texts): Button => {
  const { switchOn, switchOff } = texts.admin.todayOnly
  const words = stock.onlyDay === null ? switchOn : switchOff
  return tap(isOnly ? words : `${texts.label(resource.label)}: ${uncapitalised(words)}`, {
    _tag: "TodayOnly",
    resource: resource.id,
    on: stock.onlyDay === null ? "on" : "off",
  })
}
