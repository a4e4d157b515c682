/** The three ways to settle an item that a removed person left. None of them fails: it tells how it went. */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { requestKeyOf } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import { Deliveries } from "../Deliveries.ts"
import { Languages } from "../Languages.ts"
import { sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import { type Holding, whatText } from "./peopleParts.ts"

/** What became of one item. */
export type Outcome = "confirmed" | "given" | "aside" | "before" | "notTold" | "notWritten"

export const make = Effect.gen(function* () {
  const pools = yield* Pools
  const access = yield* Access
  const telegram = yield* Telegram
  const deliveries = yield* Deliveries
  const languages = yield* Languages

  const confirm = ({ issuance, resource }: Holding, by: TelegramId) => {
    const { id } = issuance
    return resource.autoStatus === null
      ? Effect.succeed<Outcome>("before")
      : pools
          .ask(resource.id, { _tag: "Confirm", id, status: resource.autoStatus, by, admin: true })
          .pipe(Effect.as<Outcome>("confirmed"), Effect.catch(outcomeOf))
  }

  const setAside = ({ issuance, resource }: Holding, admin: TelegramId) =>
    pools
      .manage(resource.id, { _tag: "SetAside", id: issuance.id, admin })
      .pipe(Effect.as<Outcome>("aside"), Effect.catch(outcomeOf))

  /** The message first: the item is on it from the moment that it is the colleague's. */
  const give = Effect.fnUntraced(function* (holding: Holding, to: TelegramId, admin: TelegramId) {
    const { issuance, resource } = holding
    const texts = yield* languages.textsFor(to)
    const words = texts.people.left
    const message = yield* Effect.option(
      telegram.send(to, sentence(words.handedOver(whatText(holding, texts)))),
    )
    if (Option.isNone(message)) return "notTold"
    const stage = yield* access.stageOf(to)
    return yield* pools
      .manage(resource.id, {
        _tag: "Transfer",
        id: issuance.id,
        message: message.value,
        to,
        stage,
        admin,
      })
      .pipe(
        Effect.tapError(() =>
          Effect.ignore(telegram.edit(message.value, sentence(words.handOverFailed))),
        ),
        Effect.andThen(deliveries.show(resource.id, requestKeyOf(message.value))),
        Effect.as<Outcome>("given"),
        Effect.catch(outcomeOf),
      )
  })

  return { confirm, setAside, give }
})

/** Anything but the disk means that somebody, or the timer, has settled it. */
const outcomeOf = ({ _tag }: { readonly _tag: string }) =>
  Effect.succeed<Outcome>(_tag === "StorageUnavailable" ? "notWritten" : "before")
