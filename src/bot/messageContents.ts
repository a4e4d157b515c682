/**
 * What the messages with proxies are known to show, so that nothing is drawn over goods, and no
 * ended reservation over something newer. Memory only: after a start the journal knows the goods.
 */
import { Effect, Option } from "effect"
import { type MessageRef, type RequestKey, requestKeyOf } from "../domain/Issuance.ts"
import type { Reservation } from "../domain/Proxy.ts"
import type { Pools } from "../pool/Pools.ts"

/** Goods, a reservation by its generation, or something else than a reservation. */
export type Content = "goods" | "other" | `${string}:${number}`

export const contentFor = ({
  proxy,
  generation,
}: Pick<Reservation, "proxy" | "generation">): Content => `${proxy}:${generation}`

export const make = (pools: Pools["Service"]) => {
  const contents = new Map<RequestKey, Content>()

  const note = (message: MessageRef, content: Content) =>
    Effect.sync(() => {
      const key = requestKeyOf(message)
      contents.delete(key)
      contents.set(key, content)
      const [oldest] = contents.keys()
      if (contents.size > contentsMax && oldest !== undefined) contents.delete(oldest)
    })

  /** Goods of the other resources are looked up where they are known for good. */
  const of = Effect.fnUntraced(function* (message: MessageRef) {
    const key = requestKeyOf(message)
    for (const { id } of pools.resources) {
      if (Option.isSome(yield* pools.batch(id, key))) return "goods"
    }
    return contents.get(key)
  })

  /** Something else was put where a reservation stood. */
  const leave = (message: MessageRef) =>
    Effect.suspend(() => {
      const content = contents.get(requestKeyOf(message))
      return content === undefined || content === "goods" ? Effect.void : note(message, "other")
    })

  return { note, of, leave }
}

export type Contents = ReturnType<typeof make>

/** Messages of about a day; on older ones only a forgotten phone still shows the buttons. */
const contentsMax = 2_000
