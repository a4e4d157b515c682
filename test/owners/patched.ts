/**
 * Loads a copy of the modules in which something has gone that keeps several owners harmless. The
 * modules of other tests stay as they are: the copy has addresses of its own.
 */
import { registerHooks } from "node:module"
import { assert } from "@effect/vitest"

export interface Cut {
  /** The end of the file's address. */
  readonly file: string
  readonly text: string
  readonly instead: string
}

/** The modules below `test/owners`, with the cuts made in all that they need. */
export const withCuts = async (name: string, cuts: ReadonlyArray<Cut>) => {
  const mark = `?without=${name}`
  const made = new Set<Cut>()
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      const isOurs = found.url.startsWith("file:") && !found.url.includes("/node_modules/")
      return isOurs && context.parentURL?.endsWith(mark) === true && !found.url.endsWith(mark)
        ? { ...found, url: found.url + mark }
        : found
    },
    load: (url, context, next) => {
      const loaded = next(url, context)
      const mine = cuts.filter(({ file }) => url.endsWith(file + mark))
      if (mine.length === 0) return loaded
      const source = mine.reduce(
        (text, cut) => {
          assert.include(text, cut.text)
          made.add(cut)
          return text.replace(cut.text, cut.instead)
        },
        Buffer.from(loaded.source as Uint8Array).toString(),
      )
      return { ...loaded, source }
    },
  })
  const { run } = (await import(`./run.ts${mark}`)) as typeof import("./run.ts")
  const { usePostgres } = (await import(
    `../store/postgresServer.ts${mark}`
  )) as typeof import("../store/postgresServer.ts")
  assert.strictEqual(made.size, cuts.length, "a cut was not made")
  return { run, usePostgres }
}
