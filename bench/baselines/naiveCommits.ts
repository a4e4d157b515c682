/**
 * A baseline: a table of SQLite, and a transaction of its own for each issue and each confirm, as
 * somebody writes it who begins with node:sqlite. Each commit is synced to the disk.
 */
import { DatabaseSync } from "node:sqlite"

export const openNaiveCommits = (file: string, stock: ReadonlyArray<string>) => {
  const database = new DatabaseSync(file)
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE item (
      id INTEGER PRIMARY KEY,
      login TEXT NOT NULL UNIQUE,
      holder INTEGER,
      issued_at REAL,
      status TEXT
    ) STRICT;
    CREATE INDEX item_available ON item (id) WHERE holder IS NULL;
  `)
  const add = database.prepare("INSERT INTO item (login) VALUES (?)")
  database.exec("BEGIN")
  for (const login of stock) add.run(login)
  database.exec("COMMIT")

  const next = database.prepare("SELECT id FROM item WHERE holder IS NULL ORDER BY id LIMIT 1")
  const take = database.prepare("UPDATE item SET holder = ?, issued_at = ? WHERE id = ?")
  const mark = database.prepare("UPDATE item SET status = ? WHERE id = ? AND status IS NULL")

  const inTransaction = <A>(work: () => A): A => {
    database.exec("BEGIN IMMEDIATE")
    const done = work()
    database.exec("COMMIT")
    return done
  }

  const issue = (by: number, at: number): number =>
    inTransaction(() => {
      const id = Number(next.get()?.["id"])
      take.run(by, at, id)
      return id
    })
  const confirm = (id: number, status: string) => inTransaction(() => mark.run(status, id))

  return { issue, confirm, close: () => database.close() }
}
