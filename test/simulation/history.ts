/** All that ever happened to a pool, from the disk: snapshots only shorten the start. */
import { Schema } from "effect"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import type { MemoryDisk } from "../store/MemoryJournal.ts"

const decodePoolEvent = Schema.decodeUnknownSync(Schema.fromJsonString(PoolEvent))
const decodeProxyEvent = Schema.decodeUnknownSync(Schema.fromJsonString(ProxyEvent))

const bodiesOf = ({ tables }: MemoryDisk, pool: string) =>
  (tables.events.get(pool) ?? []).map(({ body }) => body)

export const poolEvents = (disk: MemoryDisk, pool: string) =>
  bodiesOf(disk, pool).map((body) => decodePoolEvent(body))

export const proxyEvents = (disk: MemoryDisk, pool: string) =>
  bodiesOf(disk, pool).map((body) => decodeProxyEvent(body))
