/** What an admin did with what somebody left: in words for himself, and for the other admins. */
import { Effect } from "effect"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Outcome } from "./peopleLeftWays.ts"
import { type Holding, nameOf } from "./peopleParts.ts"
import * as Decisions from "./stockDecisions.ts"

/** Gives a function that tells the other admins of what was decided just now. */
export const make = Effect.gen(function* () {
  const decisions = yield* Decisions.make

  /** `to`: who got what was handed over. */
  return Effect.fnUntraced(function* (
    admin: TelegramId,
    [first]: ReadonlyArray<Holding>,
    outcomes: ReadonlyArray<Outcome>,
    to: string,
  ) {
    const decided = outcomes.filter(isDecision)
    if (first === undefined || decided.length === 0) return
    const { holder: id, stage } = first.issuance
    const name = nameOf({ id, stage })
    yield* decisions.tellOthers(admin, (by, others) => {
      const { settled, wayBack } = others.asides.notes
      const note = settled(name, doneText(decided, to, others).join(" "), by)
      return decided.includes("aside") ? `${note} ${wayBack}` : note
    })
  })
})

const isDecision = (outcome: Outcome) =>
  outcome === "confirmed" || outcome === "given" || outcome === "aside"

export const doneText = (
  outcomes: ReadonlyArray<Outcome>,
  to: string,
  { people: { left: words } }: Texts,
): ReadonlyArray<string> => {
  const sayings: Readonly<Record<Outcome, (count: number) => string>> = {
    confirmed: words.confirmed,
    given: (count) => words.given(count, to),
    aside: words.setAside,
    before: words.settledBefore,
    notTold: words.notTold,
    notWritten: words.notWritten,
  }
  return Object.entries(sayings).flatMap(([outcome, say]) => {
    const count = outcomes.filter((each) => each === outcome).length
    return count > 0 ? [say(count)] : []
  })
}
