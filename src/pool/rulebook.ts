/**
 * The rulebook of a pool: `decide` says which events a command makes, or why it is refused;
 * `evolve` says what an event does. All of it is pure.
 *
 * The rules stand in rules/, by subject, each with the effect of its events below it. A command
 * without a rule or an event without an effect does not compile.
 */
import type { Result } from "effect"
import * as Delivering from "./rules/delivering.ts"
import * as Emptying from "./rules/emptying.ts"
import * as Issuing from "./rules/issuing.ts"
import * as Leaving from "./rules/leaving.ts"
import * as Loading from "./rules/loading.ts"
import * as Marking from "./rules/marking.ts"
import * as Offering from "./rules/offering.ts"
import * as Quarantine from "./rules/quarantining.ts"
import * as Restoring from "./rules/restoring.ts"
import type {
  CommandOf,
  CommandTag,
  DecisionContext,
  Effects,
  EventOf,
  Events,
  EventTag,
  RefusalOf,
  Rules,
} from "./rules/rule.ts"
import * as Writing from "./rules/writing.ts"
import type { PoolState } from "./State.ts"

const rules: Rules = {
  ...Loading.rules,
  ...Issuing.rules,
  ...Delivering.rules,
  ...Marking.rules,
  ...Writing.rules,
  ...Emptying.rules,
  ...Leaving.rules,
  ...Offering.rules,
  ...Quarantine.rules,
  ...Restoring.rules,
}

const effects: Effects = {
  ...Loading.effects,
  ...Issuing.effects,
  ...Delivering.effects,
  ...Marking.effects,
  ...Writing.effects,
  ...Emptying.effects,
  ...Leaving.effects,
  ...Offering.effects,
  ...Quarantine.effects,
  ...Restoring.effects,
}

export const decide = <Tag extends CommandTag>(
  state: PoolState,
  command: CommandOf<Tag>,
  context: DecisionContext,
): Result.Result<Events, RefusalOf<Tag>> => rules[command._tag](state, command, context)

/** Another version of the stock whenever an event changed what is available. */
export const evolve = <Tag extends EventTag>(state: PoolState, event: EventOf<Tag>): PoolState => {
  const after = effects[event._tag](state, event)
  return after.available === state.available ? after : { ...after, revision: after.revision + 1 }
}
