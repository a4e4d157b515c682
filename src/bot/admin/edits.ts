/** Which side is right about a row that was changed by hand: the first admin who says so decides. */
import { Effect, Option } from "effect"
import type { Choice, HandEdit, NoticedEdit } from "../../domain/HandEdit.ts"
import { sameMark } from "../../domain/Issuance.ts"
import { HandEdits } from "../../pool/HandEdits.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action } from "../Callback.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import type { Press } from "../Replies.ts"
import { AdminTurns } from "./AdminTurns.ts"
import type { Area } from "./Area.ts"
import * as EditCards from "./editCards.ts"

type Decide = Extract<Action, { readonly _tag: "EditDecide" }>

export const make = Effect.fnUntraced(function* (stale: (press: Press) => Effect.Effect<void>) {
  const pools = yield* Pools
  const edits = yield* HandEdits
  const deliveries = yield* Deliveries
  const cards = yield* EditCards.make
  const texts = yield* Wording
  const { edits: words } = texts.checks
  const turns = yield* AdminTurns

  /** What is done twice is done once: this may run again after a crash. */
  const carryOut = Effect.fnUntraced(function* (edit: HandEdit, choice: Choice, press: Press) {
    const { resource, issuance: id, found, rewrites } = edit
    if (choice === "sheet" && found._tag === "Status" && found.status !== null) {
      const correction = { id, status: found.status, by: press.userId, admin: true }
      const { request } = yield* pools.ask(resource, { _tag: "Correct", ...correction })
      // Its holder reads the status too.
      yield* deliveries.show(resource, request.key)
    }
    if (choice !== "bot") return
    const what = { gone: found._tag === "Gone", value: found._tag === "Value" }
    yield* pools.manage(resource, { _tag: "Rewrite", id, ...what, rewrites, admin: press.userId })
  })

  const ended = Effect.fnUntraced(function* (press: Press, noticed: NoticedEdit, alert: string) {
    yield* press.alert(alert)
    yield* cards.show(noticed, press.message)
  })

  const over = Effect.fnUntraced(function* (press: Press, noticed: NoticedEdit) {
    yield* edits.end(noticed.edit)
    yield* press.alert(words.isOver)
    yield* cards.close({ ...noticed, isOver: true }, press.message)
  })

  const decide = Effect.fnUntraced(function* (press: Press, noticed: NoticedEdit, choice: Choice) {
    const { edit } = noticed
    if (!(yield* stillSo(pools, edit, choice))) return yield* over(press, noticed)
    yield* carryOut(edit, choice, press)
    const decided = yield* edits.decide(edit, choice, press.userId)
    yield* press.answer()
    yield* Effect.logInfo("a row changed by hand was decided about").pipe(
      Effect.annotateLogs({ id: edit.issuance, admin: press.userId, choice }),
    )
    yield* cards.close(
      Option.getOrElse(decided, () => noticed),
      press.message,
    )
  })

  const pressed = Effect.fn("edits.decide")(function* (press: Press, action: Decide) {
    const noticed = Option.getOrUndefined(yield* edits.find(action))
    if (noticed === undefined || !mayChoose(noticed.edit, action.choice)) return yield* stale(press)
    if (noticed.decision !== null) return yield* ended(press, noticed, words.alreadyDecided)
    if (noticed.isOver) return yield* ended(press, noticed, words.isOver)
    return yield* decide(press, noticed, action.choice).pipe(
      // Nothing was changed by it, and the card offers the other ways.
      Effect.catchTag("NotAllowed", () =>
        Effect.andThen(press.alert(words.tooLate), cards.show(noticed, press.message)),
      ),
      Effect.catchTag(gone, () => over(press, noticed)),
    )
  }, turns.edits.withPermit)

  const area: Area = { commands: {}, buttons: { EditDecide: pressed } }
  return area
})

/** Only buttons that some card of it may have. */
const mayChoose = ({ found }: HandEdit, choice: Choice) =>
  choice !== "sheet" || (found._tag === "Status" && found.status !== null)

/** The bot's side is the one that the card shows; what this decision itself changed does not count. */
const stillSo = Effect.fnUntraced(function* (
  pools: Pools["Service"],
  { resource, issuance: id, mark, found }: HandEdit,
  choice: Choice,
) {
  const issuance = Option.getOrUndefined(yield* pools.find(resource, id))
  if (issuance === undefined || issuance.mark === null) return false
  const isDone =
    choice === "sheet" && found._tag === "Status" && issuance.mark.status === found.status
  return isDone || sameMark(issuance.mark, mark)
})

/** Ways in which memory says that it does not know the issuance; the others cannot happen here. */
const gone = [
  "UnknownIssuance",
  "OutOfStock",
  "PoolPaused",
  "TooManyPending",
  "NotHolder",
  "AlreadyMarked",
  "StockChanged",
  "TrashGone",
] as const
