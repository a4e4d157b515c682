/** Rows that were hit by mistake and are not put right yet; in the journal until they are. */
import { Effect, Option, Schema } from "effect"
import type { Journal } from "../store/Journal.ts"
import { Edit } from "./correctionRequests.ts"

const kind = "repair"
const encode = Schema.encodeSync(Edit)
const decode = Schema.decodeUnknownOption(Edit)

export const makeRepairs = (journal: Journal["Service"]) => ({
  waiting: Effect.map(journal.documents(kind), (documents) =>
    documents.flatMap(({ body }) => Option.toArray(decode(body))),
  ),
  /** Adds `more`; rows with one of the ids say what they shall. */
  change: Effect.fnUntraced(function* (more: ReadonlyArray<Edit>, done: ReadonlyArray<string>) {
    const known = new Set((yield* journal.documents(kind)).map(({ key }) => key))
    const writes = [
      ...done
        .filter((key) => known.has(key))
        .map((key) => ({ _tag: "DocumentRemoved" as const, kind, key })),
      ...more.map((edit) => ({
        _tag: "DocumentPut" as const,
        kind,
        key: edit.id,
        body: encode(edit),
      })),
    ]
    if (writes.length > 0) yield* journal.write(writes)
  }),
})
