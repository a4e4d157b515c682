/** The cards about rows that were changed by hand, one for each admin: drawn, and drawn anew. */
import { Clock, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import type { HandEdit, NoticedEdit } from "../../domain/HandEdit.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { HandEdits } from "../../pool/HandEdits.ts"
import type { Texts } from "../texts/Texts.ts"
import { closedEdit, type EditView, openEdit, outcomeText } from "./editScreens.ts"
import * as Redraw from "./redraw.ts"
import { nameOfAdmin } from "./stockDecisions.ts"

export const make = Effect.gen(function* () {
  const redraw = yield* Redraw.make
  const access = yield* Access
  const edits = yield* HandEdits
  const { resources } = yield* CatalogueSource
  const { timezone: zone } = yield* Settings

  const viewOf = Effect.fnUntraced(function* (edit: HandEdit) {
    const resource = resources.find(({ id }) => id === edit.resource)
    if (resource === undefined) return undefined
    const view: EditView = {
      resource,
      edit,
      markedBy: edit.mark.auto ? "" : yield* nameOfAdmin(access, edit.mark.by),
      now: yield* Clock.currentTimeMillis,
      zone,
    }
    return view
  })

  /** `undefined` where the catalogue lost the resource. */
  const draw = Effect.fnUntraced(function* (noticed: NoticedEdit) {
    const { edit, decision, isOver } = noticed
    const view = yield* viewOf(edit)
    if (view === undefined) return undefined
    if (decision === null && !isOver) return (texts: Texts) => openEdit(view, texts)
    const by = decision === null ? "" : yield* nameOfAdmin(access, decision.by)
    return (texts: Texts) => closedEdit(view, outcomeText(noticed, by, zone, texts), texts)
  })

  /** On all cards, and on `more` ones, that say how it ended from then on. */
  const show = Effect.fnUntraced(function* (
    noticed: NoticedEdit,
    ...more: ReadonlyArray<MessageRef>
  ) {
    const screen = yield* draw(noticed)
    if (screen === undefined) return
    const cards = [...noticed.cards, ...more]
    const places = new Map(cards.map((card) => [`${card.chatId}:${card.messageId}`, card]))
    yield* Effect.forEach(places.values(), (card) => redraw(card, screen), { discard: true })
  })

  /** Every card of one that ended. */
  const close = Effect.fnUntraced(function* (
    noticed: NoticedEdit,
    ...more: ReadonlyArray<MessageRef>
  ) {
    yield* show(noticed, ...more)
    yield* edits.shown(noticed.edit)
  })

  return { draw, show, close }
})
