/**
 * Planted faults of the two emulators: what a network and a busy service do on a bad day.
 *
 * A fault is taken by the next calls that match it, and is gone after `times` of them.
 */
import { Context, Effect, Layer, Option, Ref, Schema } from "effect"

export const Fault = Schema.Struct({
  api: Schema.Literals(["telegram", "sheets"]),
  /** The method to hit, in any case of letters; any method when absent. */
  method: Schema.optionalKey(Schema.String),
  times: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000 })),
  /**
   * `status`: refused with an HTTP status, nothing applied.
   * `dropBefore`: the connection breaks before anything is applied.
   * `dropAfter`: applied, then the connection breaks before the answer.
   * `lateApply`: the connection breaks now, and the call is applied `delayMs` later.
   * `hang`: no answer for `delayMs`, then the connection breaks; nothing applied.
   */
  kind: Schema.Literals(["status", "dropBefore", "dropAfter", "lateApply", "hang"]),
  /** HTTP status for `status`; 503 when absent. */
  status: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 400, maximum: 599 }))),
  /** Seconds to wait, for a 429. */
  retryAfter: Schema.optionalKey(Schema.Int),
  /** Milliseconds, for `lateApply` and `hang`; one minute when absent. */
  delayMs: Schema.optionalKey(Schema.Int),
})
export type Fault = typeof Fault.Type

export class Faults extends Context.Service<
  Faults,
  {
    add(fault: Fault): Effect.Effect<void>
    /** The fault planted for this call, if any; counts it as used once. */
    take(api: Fault["api"], method: string): Effect.Effect<Option.Option<Fault>>
    readonly clear: Effect.Effect<void>
  }
>()("account-bot/playground/Faults") {
  static readonly layer = Layer.effect(
    Faults,
    Effect.gen(function* () {
      const planted = yield* Ref.make<ReadonlyArray<Fault>>([])
      return Faults.of({
        add: (fault) => Ref.update(planted, (faults) => [...faults, fault]),
        take: (api, method) => Ref.modify(planted, (faults) => taken(faults, api, method)),
        clear: Ref.set(planted, []),
      })
    }),
  )
}

const taken = (
  faults: ReadonlyArray<Fault>,
  api: Fault["api"],
  method: string,
): readonly [Option.Option<Fault>, ReadonlyArray<Fault>] => {
  const index = faults.findIndex(
    (fault) =>
      fault.api === api &&
      (fault.method === undefined || fault.method.toLowerCase() === method.toLowerCase()),
  )
  const fault = faults[index]
  if (fault === undefined) return [Option.none(), faults]
  const left = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []
  return [Option.some(fault), [...faults.slice(0, index), ...left, ...faults.slice(index + 1)]]
}
