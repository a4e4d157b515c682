/**
 * Makes callers that wait at the same time share one commit.
 *
 * A single fiber takes everything that waits and hands it to `commit` in the order of the calls.
 */
import { type Cause, Deferred, Effect, Exit, Fiber, Queue } from "effect"

interface GroupCommit<A, B, E> {
  /** Interrupting the caller ends its wait, not the commit. */
  readonly submit: (job: A) => Effect.Effect<B, E>
  /** Waits until everything submitted so far is committed or refused. */
  readonly drain: Effect.Effect<void>
}

/**
 * `commit` gives one exit for each job, in order. When the scope closes, what was submitted is
 * committed first; whoever comes later gets `closed`.
 */
export const make = Effect.fnUntraced(function* <A, B, E>(options: {
  readonly commit: (jobs: ReadonlyArray<A>) => ReadonlyArray<Exit.Exit<B, E>>
  readonly closed: () => E
}) {
  interface Waiting {
    readonly job: A
    readonly done: Deferred.Deferred<B, E>
  }
  const queue = yield* Queue.unbounded<Waiting, Cause.Done>()
  let last: Deferred.Deferred<B, E> | undefined

  // Once taken, a batch is finished: only the wait for the next one may be interrupted.
  const commitNext = Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const batch = yield* restore(Queue.takeAll(queue))
      const exits = commitOrDie(() => options.commit(batch.map(({ job }) => job)))
      batch.forEach(({ done }, index) => {
        Deferred.doneUnsafe(done, exits[index] ?? exits.at(-1) ?? Exit.die("no outcome"))
      })
    }),
  )
  const committer = yield* commitNext.pipe(Effect.forever, Effect.exit, Effect.forkScoped)
  yield* Effect.addFinalizer(() => Effect.andThen(Queue.end(queue), Fiber.await(committer)))

  const submit = (job: A): Effect.Effect<B, E> =>
    Effect.suspend(() => {
      const done = Deferred.makeUnsafe<B, E>()
      if (!Queue.offerUnsafe(queue, { job, done })) return Effect.fail(options.closed())
      last = done
      return Deferred.await(done)
    })

  // First in, first out: when the last one is done, all are.
  const drain = Effect.suspend(() =>
    last === undefined ? Effect.void : Effect.asVoid(Effect.exit(Deferred.await(last))),
  )

  const self: GroupCommit<A, B, E> = { submit, drain }
  return self
})

/** A defect of `commit` belongs to its callers; the fiber lives on. */
const commitOrDie = <B, E>(
  commit: () => ReadonlyArray<Exit.Exit<B, E>>,
): ReadonlyArray<Exit.Exit<B, E>> => {
  try {
    return commit()
  } catch (defect) {
    return [Exit.die(defect)]
  }
}
