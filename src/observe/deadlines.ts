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

export const makeDeadlines = <Id>() => {
  const known = new Map<Id, { readonly until: number; readonly dueAt: number }>()

  /** Learns the deadline, as soon as it is set. */
  const note = ({ id, until, longest }: Deadline<Id>, { wall, gone }: Times): number => {
    const dueAt = gone + Math.min(until - wall, longest)
    known.set(id, { until, dueAt })
    return dueAt
  }

  /** How much is left, in milliseconds; nothing or less when it is over. */
  const left = (deadline: Deadline<Id>, now: Times): number => {
    const seen = known.get(deadline.id)
    const dueAt = seen?.until === deadline.until ? seen.dueAt : note(deadline, now)
    return dueAt - now.gone
  }

  /** Lets go of those that nobody asks for any more. */
  const keep = (isWaiting: (id: Id) => boolean) => {
    for (const id of known.keys()) if (!isWaiting(id)) known.delete(id)
  }

  return { note, left, keep }
}
