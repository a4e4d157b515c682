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
import { Conduct } from "../Conduct.ts"
import type { Area, Asked } from "./Admins.ts"
import { makeApplicants } from "./approvals.ts"
import * as Asides from "./asides.ts"
import * as Audit from "./audit.ts"
import * as Edits from "./edits.ts"
import { makeBuffer, makeBufferUndo } from "./emptying.ts"
import * as Exports from "./exports.ts"
import * as Failed from "./failed.ts"
import { makeUnwritten } from "./failed.ts"
import * as Health from "./health.ts"
import * as Pause from "./pause.ts"
import * as People from "./people.ts"
import * as Regions from "./regions.ts"
import * as Stock from "./stock.ts"
import * as TodayOnly from "./todayOnly.ts"
import * as Who from "./who.ts"
import { Menus } from "../Menus.ts"

export const makeDesk = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const conduct = yield* Conduct
  const access = yield* Access

  const areas: ReadonlyArray<Area> = [
    yield* makeApplicants,
    yield* TodayOnly.make,
    yield* People.make,
    yield* Audit.make,
    yield* Regions.make,
    yield* Stock.make,
    yield* Who.make,
    yield* Pause.make,
    yield* makeBuffer,
    yield* makeBufferUndo,
    yield* Exports.make,
    yield* Health.make,
    yield* Failed.make,
    yield* makeUnwritten,
    yield* Edits.make,
    yield* Asides.make,
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
      yield* conduct.trespassed(press.userId)
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
