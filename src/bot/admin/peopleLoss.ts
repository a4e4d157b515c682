/** How somebody lost the access, as it stands above what he left: removed, suspended, or long ago. */
import { Clock, Duration, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import type { Dismissals } from "../../access/Dismissals.ts"
import { removalKept } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Wording } from "../Languages.ts"
import { html } from "../Screen.ts"
import { tap } from "../screens/parts.ts"
import { blockLines } from "./blockScreens.ts"
import * as BlockViews from "./blockViews.ts"
import type { LeftView } from "./peopleLeftScreens.ts"
import { type Holding, nameOf } from "./peopleParts.ts"

type Loss = Pick<LeftView, "heading" | "about" | "back">

export const make = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const access = yield* Access
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const blockOf = yield* BlockViews.make

  const dismissed = Effect.fnUntraced(function* (id: TelegramId) {
    const dismissal = Option.getOrUndefined(yield* dismissals.find(id))
    if (dismissal === undefined) return undefined
    const { entry, by, at } = dismissal
    const { done, by: endedBy, until, readmit } = texts.people.dismissal
    const name = nameOf({ id: by, stage: yield* access.stageOf(by) })
    const last = formatMoment(at + Duration.toMillis(removalKept), zone)
    return {
      heading: done(nameOf({ id, stage: entry.stage })),
      about: [html`${endedBy(name, formatMoment(at, zone))}`, html`${until(last)}`],
      back: tap(readmit, { _tag: "Readmit", person: id }, "primary"),
    }
  })

  const suspended = Effect.fnUntraced(function* (id: TelegramId) {
    const view = yield* blockOf(id)
    if (view === undefined) return undefined
    const now = yield* Clock.currentTimeMillis
    return {
      heading: texts.blocks.state.heading(nameOf(view.person)),
      about: blockLines(view, { now, zone, texts }),
      back: tap(texts.blocks.giveBack, { _tag: "Unblock", person: id, on: "card" }, "primary"),
    }
  })

  /** On no list, and the day in which the access could be given back is over. */
  const forgotten = (id: TelegramId, [first]: ReadonlyArray<Holding>): Loss => ({
    heading: texts.people.dismissal.done(
      nameOf({ id, stage: first?.issuance.stage ?? String(id) }),
    ),
    about: [],
    back: undefined,
  })

  return Effect.fnUntraced(function* (id: TelegramId, holdings: ReadonlyArray<Holding>) {
    return (yield* dismissed(id)) ?? (yield* suspended(id)) ?? forgotten(id, holdings)
  })
})
