/**
 * What only admins may do: their commands and the buttons that come of them.
 *
 * Everything passes one gate here. Whoever is no admin gets a sentence, and no area runs: neither
 * for a command, nor for a forwarded button, nor for forged data.
 */
import { Effect } from "effect"
import { Access } from "../../access/Access.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Action, ActionIn } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { Questions } from "../Questions.ts"
import { type Press, Replies } from "../Replies.ts"
import { notice } from "../screens/parts.ts"
import { Conduct } from "../Conduct.ts"
import { type Area, type Asked, makeFileTrouble, type Work } from "./Admins.ts"
import { makeApplicationCards } from "./approvals.ts"
import { makeAsides } from "./asides.ts"
import { makeAudit } from "./audit.ts"
import { makeEdits } from "./edits.ts"
import { makeEmptying } from "./emptyPools.ts"
import { makeExports } from "./exports.ts"
import { makeFailed } from "./failed.ts"
import { makeForget } from "./forget.ts"
import { makeHealth } from "./health.ts"
import { makeNicknames } from "./nicknames.ts"
import { makePause } from "./pause.ts"
import { makePeople } from "./people.ts"
import { makeRegions } from "./regionList.ts"
import { makeQuarantine } from "./quarantine.ts"
import { makeSpellings } from "./spellings.ts"
import { makeStock } from "./stock.ts"
import { makeTodo } from "./todo.ts"
import { makeTaking } from "./taking.ts"
import { makeTodayOnly } from "./todayOnly.ts"
import { makeWho } from "./who.ts"

export const makeDesk = Effect.gen(function* () {
  const replies = yield* Replies
  const menus = yield* Menus
  const conduct = yield* Conduct
  const access = yield* Access
  const questions = yield* Questions
  const fileTrouble = yield* makeFileTrouble

  const quarantine = yield* makeQuarantine
  const spellings = yield* makeSpellings
  const stock = yield* makeStock
  const areas: ReadonlyArray<Area> = [
    quarantine.area,
    yield* makeNicknames,
    yield* makeTaking,
    yield* makeApplicationCards,
    yield* makeTodayOnly,
    yield* makePeople,
    yield* makeForget,
    yield* makeAudit,
    yield* makeRegions,
    spellings.area,
    stock.area,
    yield* makeWho,
    yield* makePause,
    yield* makeEmptying,
    yield* makeExports,
    yield* makeHealth,
    yield* makeTodo({ quarantine: quarantine.open, regions: spellings.open, stock: stock.open }),
    yield* makeFailed,
    yield* makeEdits,
    yield* makeAsides,
  ]

  /** Runs a command of admins; `false` where there is none of this name. */
  const run = Effect.fnUntraced(function* (name: string, asked: Asked) {
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
    yield* command(asked).pipe(
      fileTrouble.said(asked.chatId),
      Effect.catchTag("StorageUnavailable", () =>
        replies.say(asked.chatId, notice(texts.refusals.storageUnavailable, texts)),
      ),
    )
    return true
  })

  /** Runs a button of admins. */
  const act = Effect.fnUntraced(function* (press: Press, action: ActionIn<"admin">) {
    if (press.role !== "admin") {
      yield* press.alert((yield* Wording).gate.adminsOnly)
      yield* refused(press.userId, action._tag)
      yield* conduct.trespassed(press.userId)
      return
    }
    const button = areas.flatMap(({ buttons }) => buttonOf(buttons, action)).at(0)
    if (button === undefined) return yield* menus.stale(press)
    if (begins.has(action._tag)) yield* questions.forget(press.userId)
    return yield* button(press).pipe(
      fileTrouble.alerted(press),
      Effect.catchTag("StorageUnavailable", () =>
        Effect.flatMap(Wording, ({ refusals }) =>
          replies.alert(press, refusals.storageUnavailable),
        ),
      ),
    )
  })

  return {
    run,
    act,
    /** The names of all commands behind the gate. */
    commands: areas.flatMap(({ commands }) => Object.keys(commands)),
    /** The tags of all buttons behind the gate. */
    buttons: areas.flatMap(({ buttons }) => Object.keys(buttons)),
  }
})

/** These begin something else that asks for a text, or may come to it. */
const begins: ReadonlySet<Action["_tag"]> = new Set([
  "QuarantineFix",
  "AskNickname",
  "Take",
  "TakeAside",
  "TakeGive",
  "TakeMark",
])

const refused = (user: TelegramId, what: string) =>
  Effect.logInfo("only an admin may do that").pipe(Effect.annotateLogs({ user, what }))

const buttonOf = (
  buttons: Area["buttons"],
  action: Action,
): ReadonlyArray<(press: Press) => Work> => {
  // The tag that finds the button is the action's own, which the type of the lookup forgets.
  const button = buttons[action._tag] as ((press: Press, action: Action) => Work) | undefined
  return button === undefined ? [] : [(press) => button(press, action)]
}
