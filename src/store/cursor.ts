/** A cursor is a moment through which everything of some kind is done. The journal keeps it. */
import { Effect, Option, Schema } from "effect"
import { Moment } from "../domain/Day.ts"
import { Journal, type Write } from "./Journal.ts"

const decode = Schema.decodeUnknownOption(Schema.Struct({ through: Moment }))

export const makeCursor = (kind: string, key: string) => ({
  /** None where it was never noted, or cannot be read. */
  noted: Effect.gen(function* () {
    const [found] = yield* (yield* Journal).documents(kind)
    return Option.map(decode(found?.body), ({ through }) => through)
  }),
  through: (moment: number): Write => ({
    _tag: "DocumentPut",
    kind,
    key,
    body: { through: moment },
  }),
  removed: { _tag: "DocumentRemoved", kind, key } satisfies Write,
})
