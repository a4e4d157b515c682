/** Drops all that a bot has in the database, for a demo that begins afresh. */
import * as PgPool from "@effect/sql-pg/PgPool"
import { Effect, type Redacted } from "effect"
import { StorageUnavailable } from "../Journal.ts"
import { schemaName } from "./postgresTables.ts"
import { inTransaction } from "./transaction.ts"

/**
 * Who has the bot is refused from then on: its owner stays, under a higher epoch, and as one of long
 * ago, so that whoever comes next does not wait a minute before it asks Google.
 */
export const forgetBot = ({
  url,
  bot,
}: {
  readonly url: Redacted.Redacted
  readonly bot: string
}): Effect.Effect<void, StorageUnavailable> =>
  Effect.gen(function* () {
    const pool = yield* PgPool.make({ url, maxConnections: 1 })
    const connection = yield* pool.reserve
    const tables = yield* connection.query(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = $1 AND column_name = 'bot' AND table_name <> 'owner'`,
      [schemaName],
    )
    if (tables.rows.length === 0) return
    yield* inTransaction(
      connection,
      Effect.gen(function* () {
        yield* connection.query(
          `UPDATE ${schemaName}.owner SET epoch = epoch + 1, holder = (epoch + 1)::text, at = 0
           WHERE bot = $1`,
          [bot],
        )
        for (const { name } of tables.rows) {
          yield* connection.query(`DELETE FROM ${schemaName}."${String(name)}" WHERE bot = $1`, [
            bot,
          ])
        }
      }),
    )
  }).pipe(
    Effect.scoped,
    // The words of the driver may hold the address with its password.
    Effect.mapError(
      ({ reason }) =>
        new StorageUnavailable({
          operation: "forget",
          place: `the database (${reason._tag})`,
          cause: reason._tag,
        }),
    ),
  )
