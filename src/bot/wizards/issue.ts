/** The tap that takes items: asks the pool, waits for the sheet where it is empty, shows the goods. */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Regions } from "../../access/Regions.ts"
import { refillPatience } from "../../config/Limits.ts"
import type { OutOfStock, PersonCommand } from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import type { BatchAt, Press, Replies } from "../Replies.ts"
import { notIssued, outOfStock } from "../screens/refused.ts"
import { targetsOf } from "../screens/targets.ts"
import { looking, type Order, trailOfOrder } from "../screens/wizard.ts"
import { Waits } from "../Waits.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const access = yield* Access
  const waits = yield* Waits
  const regions = yield* Regions
  const texts = yield* Wording

  /** Shows that it takes a moment, has the pool refilled, and asks once more. */
  const askAgain = Effect.fnUntraced(function* (
    press: Press,
    order: Order,
    variant: string | null,
    command: PersonCommand,
  ) {
    yield* replies.turnTo(press.message, looking(trailOfOrder(order, variant, texts), texts))
    const refilled = Effect.andThen(
      pools.want(order.resource.id),
      pools.ask(order.resource.id, command),
    )
    return yield* refilled.pipe(
      // Others may wait for the same refill and be served first.
      Effect.retry({ times: furtherTries, while: ({ _tag }) => _tag === "OutOfStock" }),
      Effect.timeoutOrElse({
        duration: refillPatience,
        orElse: () => pools.ask(order.resource.id, command),
      }),
    )
  })

  const explain = Effect.fnUntraced(function* (press: Press, order: Order, error: OutOfStock) {
    const screen = outOfStock(order, error, yield* regions.all, texts)
    yield* replies.turnTo(press.message, screen)
  })

  /** Whoever has got some waits for it no more. A wait that outlives that only says too much. */
  const show = Effect.fnUntraced(function* (at: BatchAt) {
    yield* deliveries.show(at.id, at.key)
    const batch = yield* pools.batch(at.id, at.key)
    if (Option.isSome(batch)) yield* Effect.ignore(waits.satisfy(batch.value.request))
  })

  /** A second tap on the same message shows what the first one took. */
  return Effect.fn("issue")(function* (press: Press, order: Order, variant: string | null) {
    yield* press.answer()
    const earlier = yield* replies.batchOn(press.message)
    if (Option.isSome(earlier)) return yield* show(earlier.value)
    const { resource, region, quantity } = order
    const command: PersonCommand = {
      _tag: "Issue",
      message: press.message,
      variant,
      region,
      targets: targetsOf(resource, order.targets),
      quantity,
      by: press.userId,
      stage: yield* access.stageOf(press.userId),
    }
    return yield* pools.ask(resource.id, command).pipe(
      Effect.catchTag("OutOfStock", () => askAgain(press, order, variant, command)),
      Effect.matchEffect({
        onSuccess: ({ request }) => show({ id: resource.id, key: request.key }),
        onFailure: (error) =>
          error._tag === "OutOfStock"
            ? explain(press, order, error)
            : replies.turnTo(press.message, notIssued(order, variant, error, texts)),
      }),
    )
  })
})

/** An exhausted tab answers each of them at once. */
const furtherTries = 2
