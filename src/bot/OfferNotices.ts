/** Tells both sides that nobody answered an offer of an item in time. */
import { Effect, Layer, Option, PubSub } from "effect"
import { Access } from "../access/Access.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import { supervise } from "../observe/background.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { heldText, stageText } from "./admin/Directory.ts"
import { Languages } from "./Languages.ts"
import { sentence } from "./screens/parts.ts"
import { Telegram } from "./Telegram.ts"

type Ended = PoolChange & { readonly event: Extract<PoolEvent, { _tag: "OfferEnded" }> }

const isExpired = (change: PoolChange): change is Ended =>
  change.event._tag === "OfferEnded" && change.event.reason === "expired"

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    const access = yield* Access
    const telegram = yield* Telegram
    const languages = yield* Languages
    const events = yield* pools.events

    const tell = Effect.fnUntraced(function* ({ resource: id, event }: Ended) {
      const { from, to, offer } = event
      const own = yield* languages.textsFor(to)
      yield* Effect.ignore(telegram.edit(offer.card, sentence(own.handing.expiredCard)))
      const resource = pools.resources.find((each) => each.id === id)
      const issuance = Option.getOrUndefined(yield* pools.find(id, event.id))
      if (resource === undefined || issuance === undefined) return
      const texts = yield* languages.textsFor(from)
      const what = heldText({ resource, issuance }, texts)
      const name = stageText(yield* access.stageOf(to))
      yield* Effect.ignore(telegram.send(from, sentence(texts.handing.expired(what, name))))
    })

    yield* Effect.forever(
      Effect.flatMap(PubSub.takeAll(events), (changes) =>
        Effect.forEach(changes.filter(isExpired), tell, { discard: true }),
      ),
    ).pipe(supervise("notices of offers"))
  }),
)
