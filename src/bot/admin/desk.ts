/**
 * What only admins may do: their commands and the buttons that come of them.
 *
 * The gate stands here, once: whoever is no admin gets a sentence, by command, by a forwarded
 * button and by forged data alike, and nothing of an area runs.
 */
import { Effect } from "effect"
import { Access } from "../../access/Access.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { Action, ActionIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { notice } from "../screens/parts.ts"
import { Trespass } from "../Trespass.ts"
import type { Area, Asked } from "./Admins.ts"
import { makeApplicants } from "./approvals.ts"
import { makeAsides } from "./asides.ts"
import * as Audit from "./audit.ts"
import { makeEdits } from "./edits.ts"
import { makeEmptying } from "./emptying.ts"
import { makeExports } from "./exports.ts"
import { makeFailed } from "./failed.ts"
import { makeHealth } from "./health.ts"
import { makePause } from "./pause.ts"
import * as People from "./people.ts"
import { makeRegions } from "./regions.ts"
import { makeStock } from "./stock.ts"
import { makeTodayOnly } from "./todayOnly.ts"
import { makeWho } from "./who.ts"
import { Menus } from "../Menus.ts"

export const makeDesk = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const trespass = yield* Trespass
  const access = yield* Access

  const areas: ReadonlyArray<Area> = [
    yield* makeApplicants,
    yield* makeTodayOnly,
    yield* People.make,
    yield* Audit.make,
    yield* makeRegions,
    yield* makeStock,
    yield* makeWho,
    yield* makePause,
    yield* makeEmptying,
    yield* makeExports,
    yield* makeHealth,
    yield* makeFailed,
    yield* makeEdits,
    yield* makeAsides,
  ]

  /** Whether it is a command of admins; nothing of it runs for anybody else. */
  const run = Effect.fn("desk.run")(function* (name: string, asked: Asked) {
    const texts = yield* Wording

    const command = areas
      .flatMap(({ commands }) => Object.entries(commands))
      .find(([known]) => known === name)?.[1]
    if (command === undefined) return false
    if ((yield* access.role(asked.userId)) !== "admin") {
      yield* replies.say(asked.chatId, notice(texts.gate.adminsOnly, texts))
      yield* refused(asked.userId, name)
      return true
    }
    yield* Effect.catchTag(command(asked), "StorageUnavailable", () =>
      replies.say(asked.chatId, notice(texts.refusals.storageUnavailable, texts)),
    )
    return true
  })

  const act = Effect.fn("desk.act")(function* (press: Press, action: ActionIn<"admin">) {
    if (press.role !== "admin") {
      yield* press.alert((yield* Wording).gate.adminsOnly)
      yield* refused(press.userId, action._tag)
      yield* trespass.noticed(press.userId)
      return
    }
    const button = areas.flatMap(({ buttons }) => buttonOf(buttons, action)).at(0)
    if (button === undefined) return yield* menus.stale(press)
    return yield* Effect.catchTag(button(press), "StorageUnavailable", () =>
      Effect.flatMap(Wording, ({ refusals }) => replies.alert(press, refusals.storageUnavailable)),
    )
  })

  return {
    run,
    act,
    /** What stands behind the gate. */
    commands: areas.flatMap(({ commands }) => Object.keys(commands)),
    buttons: areas.flatMap(({ buttons }) => Object.keys(buttons)),
  }
})

const refused = (user: TelegramId, what: string) =>
  Effect.logInfo("only an admin may do that").pipe(Effect.annotateLogs({ user, what }))

type Pressed = (press: Press) => Effect.Effect<void, StorageUnavailable, Wording>

const buttonOf = (buttons: Area["buttons"], action: Action): ReadonlyArray<Pressed> => {
  // The tag that finds the button is the action's own, which the type of the lookup forgets.
  const button = buttons[action._tag] as
    | ((press: Press, action: Action) => Effect.Effect<void, StorageUnavailable, Wording>)
    | undefined
  return button === undefined ? [] : [(press) => button(press, action)]
}
