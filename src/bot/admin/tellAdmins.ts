/** Messages to every admin. */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Languages } from "../Languages.ts"
import type { Screen } from "../Screen.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"

/**
 * Gives a function that sends to all admins, or to `only` some, each in his language, and returns
 * what arrived.
 */
export const make = Effect.gen(function* () {
  const telegram = yield* Telegram
  const access = yield* Access
  const languages = yield* Languages

  const unreachable = new Set<TelegramId>()

  /** In the log once, not at every try. */
  const missed = Effect.fnUntraced(function* (admin: TelegramId, reason: string) {
    const level = unreachable.has(admin) ? "Debug" : "Warn"
    unreachable.add(admin)
    yield* Effect.logWithLevel(level)("an admin could not be told; has he pressed /start?").pipe(
      Effect.annotateLogs({ admin, reason }),
    )
    return Option.none()
  })

  /** One who never pressed /start cannot be written to: the others are told all the same. */
  const tell = (admin: TelegramId, screen: (texts: Texts) => Screen) =>
    Effect.flatMap(languages.textsFor(admin), (texts) => telegram.send(admin, screen(texts))).pipe(
      Effect.tap(() => Effect.sync(() => unreachable.delete(admin))),
      Effect.asSome,
      Effect.catch(({ reason }) => missed(admin, reason._tag)),
    )

  return Effect.fnUntraced(function* (
    screen: (texts: Texts) => Screen,
    only: ReadonlyArray<TelegramId> = access.admins,
  ) {
    const sent = yield* Effect.forEach(only, (admin) => tell(admin, screen))
    return sent.flatMap(Option.toArray)
  })
})

export type TellAdmins = Effect.Success<typeof make>
