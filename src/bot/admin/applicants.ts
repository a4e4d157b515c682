/** The buttons on the cards of applications. */
import { Effect } from "effect"
import { Wording } from "../Languages.ts"
import type { Replies } from "../Replies.ts"
import * as Approvals from "./approvals.ts"
import type { Area } from "./Area.ts"
import * as Plainly from "./plainly.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const approvals = yield* Approvals.make
  const plainly = Plainly.make(replies, yield* Wording)
  const area: Area = {
    commands: {},
    buttons: {
      Decide: (press, { applicant, decision }) =>
        plainly.alerted(press)(approvals.decide(press, applicant, decision)),
      Reopen: (press, { applicant }) =>
        plainly.alerted(press)(Effect.asVoid(approvals.reopen(press, applicant))),
    },
  }
  return area
})
