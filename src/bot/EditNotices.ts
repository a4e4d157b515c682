/**
 * Asks the admins about rows of the sheet that somebody changed by hand, and closes the cards of
 * edits that are decided or gone.
 */
import { Duration, Effect, Layer } from "effect"
import type { NoticedEdit } from "../domain/HandEdit.ts"
import { every } from "../observe/background.ts"
import { HandEdits } from "../pool/HandEdits.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
import { makeEditCards, manyEdits } from "./admin/edits.ts"

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const round = yield* makeRound
    yield* every("cards about edits by hand", period)(round)
  }),
)

const period = Duration.minutes(1)

const makeRound = Effect.gen(function* () {
  const edits = yield* HandEdits
  const cards = yield* makeEditCards
  const { tell: tellAdmins } = yield* TellAdmins

  const ask = Effect.fnUntraced(function* (noticed: NoticedEdit) {
    const screen = yield* cards.draw(noticed)
    if (screen === undefined) return
    const sent = yield* tellAdmins(screen)
    if (sent.length > 0) yield* edits.told([noticed.edit], sent)
  })

  /** Tells of many edits in one note, because a card for each would flood the chat. */
  const tellMany = Effect.fnUntraced(function* (noticed: ReadonlyArray<NoticedEdit>) {
    const found = noticed.map(({ edit }) => edit)
    const sent = yield* tellAdmins((texts) => manyEdits(found, texts))
    if (sent.length > 0) yield* edits.told(found, [])
  })

  /** An edit that reached no admin is told again: one of them may press /start at any time. */
  const round = Effect.gen(function* () {
    const untold = yield* edits.untold
    const many = untold.filter(({ isOneOfMany }) => isOneOfMany)
    if (many.length > 0) yield* tellMany(many)
    const single = untold.filter(({ isOneOfMany }) => !isOneOfMany)
    yield* Effect.forEach(single, ask, { discard: true })
    yield* Effect.forEach(yield* edits.ended, (each) => cards.close(each), { discard: true })
  }).pipe(Effect.withSpan("EditNotices.round"))

  return round
})
