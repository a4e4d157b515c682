/** A transaction of several statements on one connection, for what is done before the bot works. */
import type { PgConnection } from "@effect/sql-pg/PgConnection"
import { Effect, Exit } from "effect"
import type { SqlError } from "effect/sql/SqlError"

/** Does all of the work or none of it. */
export const inTransaction = <A, E>(
  connection: PgConnection,
  work: Effect.Effect<A, E>,
): Effect.Effect<A, E | SqlError> =>
  Effect.acquireUseRelease(
    connection.query("BEGIN", [], false),
    () => work,
    (_, exit) =>
      Exit.isSuccess(exit)
        ? Effect.asVoid(connection.query("COMMIT", [], false))
        : Effect.ignore(connection.query("ROLLBACK", [], false)),
  )
