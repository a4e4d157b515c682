/** Planted: a return in the order one would first think of, and one by a list that was read too early. */
import { Effect, Layer } from "effect"
import { Return } from "../../src/sheets/Return.ts"

const wrong = (returnItems: (right: Return["Service"]) => Return["Service"]["returnItems"]) =>
  Layer.effect(
    Return,
    Effect.map(Return, (right) => Return.of({ ...right, returnItems: returnItems(right) })),
  ).pipe(Layer.provide(Return.layer)) satisfies typeof Return.layer

/** The pool hears that the rows are back before they are: killed in between, they are lost. */
export const toldTooEarly = wrong((right) =>
  Effect.fnUntraced(function* (resource, waiting, returned) {
    const items = yield* waiting
    yield* returned(items.map(({ id }) => id))
    return yield* right.returnItems(resource, Effect.succeed(items), () => Effect.void)
  }),
)

/** Rows that a former write brought back are written again. */
export const listedTooEarly = wrong((right) =>
  Effect.fnUntraced(function* (resource, waiting, returned) {
    const items = yield* waiting
    return yield* right.returnItems(resource, Effect.succeed(items), returned)
  }),
)
