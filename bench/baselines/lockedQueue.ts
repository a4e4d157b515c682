/**
 * A baseline: the design that such bots usually have. One lock for each resource, a queue of what is
 * available, what is pending by id, a buffer for the sheet; the whole state is written to a JSON file
 * each minute, and what came since is lost in a crash.
 */
import * as Fs from "node:fs"

interface Pending {
  readonly login: string
  readonly by: number
  readonly issuedAt: number
}

interface Written extends Pending {
  readonly status: string
}

export const makeLockedQueue = (stock: ReadonlyArray<string>) => {
  const available = [...stock].toReversed()
  const pending = new Map<number, Pending>()
  const buffer: Array<Written> = []
  let ids = 0
  let turn = Promise.resolve()

  /** The next holder of the lock waits for this one, as with a lock of asyncio. */
  const locked = <A>(work: () => A): Promise<A> => {
    const done = turn.then(work)
    turn = done.then(() => {})
    return done
  }

  const issue = (by: number, issuedAt: number): Promise<number> =>
    locked(() => {
      const login = available.pop()
      if (login === undefined) throw new Error("nothing is left")
      ids += 1
      pending.set(ids, { login, by, issuedAt })
      return ids
    })

  const confirm = (id: number, status: string): Promise<void> =>
    locked(() => {
      const held = pending.get(id)
      if (held === undefined) return
      pending.delete(id)
      buffer.push({ ...held, status })
    })

  /** What happens each minute; nobody is served meanwhile. */
  const save = (file: string) => {
    Fs.writeFileSync(file, JSON.stringify({ available, pending: [...pending], buffer }))
  }

  return { issue, confirm, save }
}
