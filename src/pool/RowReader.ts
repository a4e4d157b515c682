/**
 * Reads a row of quarantine once more, as it stands or with another value in one of its columns:
 * the port behind which the sheets are.
 */
import { Context, type Effect } from "effect"
import type { Item, Quarantined } from "../domain/Item.ts"

/** An item, or why the row is none. */
export type Reread =
  | { readonly _tag: "Item"; readonly item: Item }
  | ({ readonly _tag: "Faulty" } & Pick<Quarantined, "reason" | "column">)

export class RowReader extends Context.Service<
  RowReader,
  {
    /** `typed`: the value that stands under the header `column` instead of the one in the row. */
    read(
      resource: string,
      row: Quarantined,
      typed?: { readonly column: string; readonly text: string },
    ): Effect.Effect<Reread>
  }
>()("account-bot/pool/RowReader") {}
