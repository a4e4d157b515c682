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

  const keyOf = ({ id, until }: Deadline<Id>) => `${id} ${until}`

  /** The time that is left by the clock on the wall; never more than the wait is long. */
  const byTheWall = ({ until, longest }: Deadline<Id>, { wall }: Times) =>
    Math.min(until - wall, longest)

  /** How much is left, in milliseconds; nothing or less when it is over. */
  const left = (deadline: Deadline<Id>, now: Times): number => {
    const key = keyOf(deadline)
    const dueAt = known.get(key)?.dueAt
    if (dueAt !== undefined) return dueAt - now.gone
    const length = byTheWall(deadline, now)
    known.set(key, { id: deadline.id, dueAt: now.gone + length })
    return length
  }

  /** The deadline was set now: it leaves no less than it does by the clock on the wall. */
  const note = (deadline: Deadline<Id>, now: Times) => {
    const key = keyOf(deadline)
    const dueAt = now.gone + byTheWall(deadline, now)
    const before = known.get(key)?.dueAt ?? dueAt
    known.set(key, { id: deadline.id, dueAt: Math.max(before, dueAt) })
  }

  /** Lets go of those that nobody asks for any more. */
  const keep = (isWaiting: (id: Id) => boolean) => {
    for (const [key, { id }] of known) if (!isWaiting(id)) known.delete(key)
  }

  return { note, left, keep }
}
