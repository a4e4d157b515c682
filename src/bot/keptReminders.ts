/**
 * Reminders that stand in chats, as documents of the journal: a start neither sends them again
 * nor leaves them there.
 */
import { Effect, Option, Schema } from "effect"
import { Moment } from "../domain/Day.ts"
import { MessageRef, RequestKey } from "../domain/Issuance.ts"
import { Journal, type Write } from "../store/Journal.ts"

export const Reminder = Schema.Struct({
  deadline: Moment,
  /** `null` where nobody knows whether it arrived, or it did not. */
  message: Schema.NullOr(MessageRef),
})
export type Reminder = typeof Reminder.Type

export const make = Effect.gen(function* () {
  const journal = yield* Journal

  const put = (key: RequestKey, reminder: Reminder) =>
    Effect.flatMap(Effect.orDie(encode(reminder)), (body) =>
      journal.write([{ _tag: "DocumentPut", kind, key, body }]),
    )

  const remove = (key: RequestKey) => journal.write([removalOf(key)])

  /** What cannot be read is dropped: at worst somebody is reminded once more. */
  const load = Effect.gen(function* () {
    const documents = yield* journal.documents(kind)
    const kept = documents.flatMap(({ key, body }) => {
      const [of, reminder] = [decodeKey(key), decode(body)]
      return Option.isSome(of) && Option.isSome(reminder)
        ? [[of.value, reminder.value] as const]
        : []
    })
    const reminders = new Map(kept)
    const dropped = documents.filter(({ key }) => !kept.some(([of]) => of === key))
    if (dropped.length > 0) yield* journal.write(dropped.map(({ key }) => removalOf(key)))
    return reminders
  })

  return { put, remove, load }
})

const kind = "reminder"

const encode = Schema.encodeEffect(Reminder)
const decode = Schema.decodeUnknownOption(Reminder)
const decodeKey = Schema.decodeUnknownOption(RequestKey)

const removalOf = (key: string): Write => ({ _tag: "DocumentRemoved", kind, key })
