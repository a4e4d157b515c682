/** The rows of the bench by their names, in the order of the table in docs/performance.md. */
import { block } from "./rows/block.ts"
import { books } from "./rows/books.ts"
import { bots } from "./rows/bots.ts"
import { durable } from "./rows/durable.ts"
import { flood } from "./rows/flood.ts"
import { idle } from "./rows/idle.ts"
import { memory } from "./rows/memory.ts"
import { postgres } from "./rows/postgres.ts"
import { remote } from "./rows/remote.ts"
import { replicas } from "./rows/replicas.ts"
import { requests } from "./rows/requests.ts"
import { rss } from "./rows/rss.ts"
import { start } from "./rows/start.ts"
import { taps } from "./rows/taps.ts"
import type { Row } from "./table.ts"

export const rows: ReadonlyMap<string, Row> = new Map(
  Object.entries({
    taps,
    remote,
    block,
    memory,
    durable,
    postgres,
    start,
    requests,
    books,
    rss,
    bots,
    replicas,
    idle,
    flood,
  }),
)
