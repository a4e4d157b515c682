/** Where a request that nobody answered has come to, to be looked at while its database is there. */
import { DateTime, Effect } from "effect"
import type { Parts } from "./invariants.ts"
import type { Asked } from "./load.ts"

const rowsTold = 4

export const traceOf = async (asked: Asked, { cluster, load }: Parts) => {
  const { bot, person } = asked
  const chats = cluster.bots.find(({ name }) => name === bot)?.chats
  const chat = chats === undefined ? [] : await Effect.runPromise(chats.chat(person))
  const taken = await cluster.query(
    `SELECT update_id::text AS id, seq::text AS seq, received_at, handled_at, body
     FROM inbox WHERE bot = $1 AND user_id = $2 ORDER BY update_id DESC LIMIT ${rowsTold}`,
    [bot, String(person)],
  )
  const incoming = await cluster.query(
    "SELECT update_id::text AS id, at, body FROM incoming WHERE bot = $1 AND update_id > 0",
    [bot],
  )
  const sent = await cluster.query(
    `SELECT key, body FROM document WHERE bot = $1 AND kind = 'sent' AND key LIKE $2`,
    [bot, `${person}:%`],
  )
  const requests = await cluster.query(
    `SELECT pool, seq::text AS seq, at, request FROM event
     WHERE bot = $1 AND request LIKE $2 ORDER BY at DESC LIMIT ${rowsTold}`,
    [bot, `%${person}%`],
  )
  return [
    `"${asked.what}" of ${person} at ${time(performance.timeOrigin + asked.at)}`,
    `Telegram holds ${chat.filter(({ pending }) => pending === true).length} messages of it`,
    ...chat
      .slice(-rowsTold)
      .map(
        ({ from, messageId, sentAt, editedAt, text }) =>
          `chat ${from} ${messageId} ${time(sentAt)} ${editedAt === undefined ? "" : time(editedAt)} ${JSON.stringify(text.slice(0, 80))}`,
      ),
    ...load
      .callsSince(asked)
      .map(
        ({ method, replica, status, answeredAt }) =>
          `call ${method} of replica ${replica}: ${status}, ${Math.round(answeredAt - asked.at)} ms after`,
      ),
    ...[...taken.map((row) => ({ inbox: row })), ...incoming.map((row) => ({ incoming: row }))].map(
      (row) => JSON.stringify(row),
    ),
    ...[...sent, ...requests].map((row) => JSON.stringify(row)),
  ]
}

const time = (ms: number) => DateTime.formatIso(DateTime.makeUnsafe(ms)).slice(11, 23)
