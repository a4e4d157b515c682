/** The lines of JSON in which a replica tells its demo of itself, on its standard output. */
import { Schema } from "effect"
import { PoolsView } from "../../playground/PoolsView.ts"

export const Told = Schema.TaggedUnion({
  /** It is one of those that share the bot. */
  Joined: {},
  /** The bot begins here. `isFollowing`: another one had it a moment ago, so Google is asked later. */
  Entered: { isFollowing: Schema.Boolean },
  /** The bot takes requests. */
  CaughtUp: {},
  /** Every base tab was looked at since the bot began here. */
  Stocked: {},
  /** `isNews`: something durable has changed since the last time. */
  Pools: { view: PoolsView, isNews: Schema.Boolean },
  /** The bot has ended here. */
  Left: {},
})
export type Told = typeof Told.Type

export const ToldLine = Schema.fromJsonString(Told)
