/** A baseline: the stock is an array, and a semaphore of Effect lets one caller at it at a time. */
import { Effect, Semaphore } from "effect"

interface Held {
  readonly login: string
  readonly by: number
  status: string | undefined
}

export const makeSemaphoreArray = (stock: ReadonlyArray<string>) => {
  const turn = Semaphore.makeUnsafe(1)
  const available = [...stock].toReversed()
  const held: Array<Held> = []

  const issue = (by: number) =>
    Effect.sync(() => {
      const login = available.pop()
      if (login === undefined) throw new Error("nothing is left")
      return held.push({ login, by, status: undefined }) - 1
    }).pipe(turn.withPermit)

  const confirm = (id: number, status: string) =>
    Effect.sync(() => {
      const issuance = held[id]
      if (issuance !== undefined) issuance.status ??= status
    }).pipe(turn.withPermit)

  return { issue, confirm }
}
