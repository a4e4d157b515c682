/** A tab that the bot cannot work with until a person repairs it; the others go on. */
import { Schema } from "effect"

export class TabUnusable extends Schema.TaggedError<TabUnusable>()("TabUnusable", {
  tab: Schema.String,
  /** Header of the column that is missing; `null`: the tab itself. */
  column: Schema.NullOr(Schema.String),
}) {
  override get message() {
    return this.column === null
      ? `the tab "${this.tab}" cannot be used`
      : `the tab "${this.tab}" has no column "${this.column}"`
  }
}
