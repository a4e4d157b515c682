/**
 * Deadlines of the clock on the wall, counted down by the time that really goes by.
 *
 * A deadline is told to people and kept on the disk as a time of the clock on the wall. What was
 * left of it when this process first saw it is counted down from there, so that a clock that is set
 * while the process runs makes no wait shorter or longer. Only a start goes by the wall, and no
 * wait gets more than its whole length from it.
 */
import type { Times } from "./elapsed.ts"

export interface Deadline<Id> {
  readonly id: Id
  /** By the clock on the wall. */
  readonly until: number
  /** The whole length of the wait, in milliseconds. */
  readonly longest: number
}

export const makeDeadlines = <Id extends string>() => {
  /** Of one id there may be a deadline that stands and one that is about to follow it. */
  const known = new Map<string, { readonly id: Id; readonly dueAt: number }>()

  /** How much is left, in milliseconds; nothing or less when it is over. */
  const left = ({ id, until, longest }: Deadline<Id>, { wall, gone }: Times): number => {
    const key = `${id} ${until}`
    const { dueAt } = known.get(key) ?? { dueAt: gone + Math.min(until - wall, longest) }
    known.set(key, { id, dueAt })
    return dueAt - gone
  }

  /** The deadline was set now: it leaves no less than it does by the clock on the wall. */
  const note = (deadline: Deadline<Id>, now: Times) => {
    const { id, until, longest } = deadline
    const before = left(deadline, now)
    const dueAt = now.gone + Math.max(before, Math.min(until - now.wall, longest))
    known.set(`${id} ${until}`, { id, dueAt })
  }

  /** Lets go of those that nobody asks for any more. */
  const keep = (isWaiting: (id: Id) => boolean) => {
    for (const [key, { id }] of known) if (!isWaiting(id)) known.delete(key)
  }

  return { note, left, keep }
}
