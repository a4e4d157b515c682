/**
 * What somebody holds who was removed or whose access is suspended, settled by an admin:
 * confirmed, handed over or set aside.
 *
 * Every item by itself: what the disk or Telegram refuses stays where it is and is counted.
 */
import { Clock, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import type { Dismissals } from "../../access/Dismissals.ts"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import * as Done from "./peopleLeftDone.ts"
import { doneText } from "./peopleLeftDone.ts"
import { asideQuestion, colleaguesScreen, leftScreen, type Which } from "./peopleLeftScreens.ts"
import * as Ways from "./peopleLeftWays.ts"
import type { Outcome } from "./peopleLeftWays.ts"
import * as Loss from "./peopleLoss.ts"
import { type Holding, nameOf } from "./peopleParts.ts"
import type { PeopleRoster } from "./peopleRoster.ts"

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  roster: PeopleRoster,
  dismissals: Dismissals,
) {
  const access = yield* Access
  const tellOthers = yield* Done.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.people.left
  const { confirm, setAside, give } = yield* Ways.make
  const lossOf = yield* Loss.make(dismissals)

  const draw = Effect.fnUntraced(function* (
    id: TelegramId,
    page: number,
    done: ReadonlyArray<string> = [],
  ) {
    const holdings = yield* roster.holdingsOf(id)
    const now = yield* Clock.currentTimeMillis
    const loss = yield* lossOf(id, holdings)
    return leftScreen({ person: id, ...loss, holdings, page, now, done }, texts)
  })

  /** Whoever has access keeps what he holds. */
  const unlessAllowed = Effect.fnUntraced(function* <E>(
    press: Press,
    id: TelegramId,
    work: Effect.Effect<void, E>,
  ) {
    yield* (yield* access.isAllowed(id)) ? press.alert(words.hasAccess) : work
  })

  const carryOut = Effect.fnUntraced(function* (
    press: Press,
    { person, which }: Pick<ActionOf<"LeftTo">, "person" | "which">,
    each: (holding: Holding) => Effect.Effect<Outcome>,
    to = "",
  ) {
    const holdings = chosen(yield* roster.holdingsOf(person), which)
    yield* press.answer()
    const outcomes = yield* Effect.forEach(holdings, each)
    yield* Effect.logInfo("items of a person without access settled").pipe(
      Effect.annotateLogs({ person, admin: press.userId, outcomes: outcomes.join(" ") }),
    )
    yield* tellOthers(press.userId, holdings, outcomes, to)
    // Somebody was faster.
    const all = outcomes.length === 0 ? (["before"] as const) : outcomes
    yield* replies.turnTo(press.message, yield* draw(person, 0, doneText(all, to, texts)))
  })

  /** Shows what goes into quarantine; nothing where somebody was faster. */
  const askAside = (press: Press, { person, which }: ActionOf<"AsideAsk">) =>
    unlessAllowed(
      press,
      person,
      Effect.gen(function* () {
        const holdings = chosen(yield* roster.holdingsOf(person), which)
        const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
        const screen =
          holdings.length === 0
            ? yield* draw(person, 0, doneText(["before"], "", texts))
            : asideQuestion({ person, which, holdings }, scenery)
        yield* press.answer()
        yield* replies.turnTo(press.message, screen)
      }),
    )

  const settle = (press: Press, action: ActionOf<"LeftSettle">) =>
    unlessAllowed(
      press,
      action.person,
      carryOut(press, action, (holding) =>
        action.how === "confirm" ? confirm(holding, press.userId) : setAside(holding, press.userId),
      ),
    )

  const handOver = (press: Press, action: ActionOf<"LeftGive">) =>
    unlessAllowed(
      press,
      action.person,
      Effect.gen(function* () {
        const { to } = action
        if (!(yield* access.isAllowed(to))) return yield* press.alert(words.colleagueGone)
        const name = nameOf({ id: to, stage: yield* access.stageOf(to) })
        yield* carryOut(press, action, (holding) => give(holding, to, press.userId), name)
      }),
    )

  const chooseColleague = (press: Press, { person, which, page }: ActionOf<"LeftTo">) =>
    unlessAllowed(
      press,
      person,
      Effect.gen(function* () {
        const holdings = chosen(yield* roster.holdingsOf(person), which)
        const colleagues = (yield* roster.all).filter(
          ({ id, role }) => id !== person && (role === "admin" || role === "employee"),
        )
        yield* press.answer()
        const screen = colleaguesScreen({ person, which, holdings, colleagues, page }, texts)
        yield* replies.turnTo(press.message, screen)
      }),
    )

  const turn = (press: Press, { person, page }: ActionOf<"Left">) =>
    unlessAllowed(
      press,
      person,
      Effect.gen(function* () {
        const screen = yield* draw(person, page)
        yield* press.answer()
        yield* replies.turnTo(press.message, screen)
      }),
    )

  return {
    draw,
    buttons: {
      AsideAsk: askAside,
      Left: turn,
      LeftSettle: settle,
      LeftTo: chooseColleague,
      LeftGive: handOver,
    },
  }
})

export type Left = Effect.Success<ReturnType<typeof make>>

const chosen = (holdings: ReadonlyArray<Holding>, which: Which) =>
  which === "all" ? holdings : holdings.filter(({ issuance }) => issuance.id === which)
