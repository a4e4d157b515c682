/**
 * The shape of the house: no files in a circle, no file that one neighbour alone needs, few homes
 * for each event, no two names that are easily taken for each other.
 *
 * Each rule has a list of exceptions, which may only shrink: a breach that is not listed fails,
 * and so does a listed one that is none any more. Each rule is also shown a planted breach.
 */
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { PoolEvent } from "../src/domain/PoolEvent.ts"
import { neighboursOf, type SourceFile, sources } from "./sourceFiles.ts"

/** From so many lines on, a file may stand by itself though one neighbour alone imports it. */
const ownFileFrom = 120

/** Homes of an event: schema, rule and effect, recount, projections, audit, and one that waits for it. */
const homesMax = 6

type Neighbours = ReadonlyMap<string, ReadonlyArray<string>>

const neighbours = (files: ReadonlyArray<SourceFile>): Neighbours =>
  new Map(files.map((file) => [file.path, neighboursOf(file)]))

/** Files that need themselves by way of others; who must read all of them to understand one. */
const inCircles = (files: ReadonlyArray<SourceFile>): ReadonlyArray<string> => {
  const graph = neighbours(files)
  const needsItself = (path: string): boolean => {
    const seen = new Set<string>()
    const walk = (at: string): boolean =>
      (graph.get(at) ?? []).some((to) => {
        if (to === path) return true
        if (seen.has(to)) return false
        seen.add(to)
        return walk(to)
      })
    return walk(path)
  }
  return files.map(({ path }) => path).filter(needsItself)
}

/** Short files with one importer, of the same folder: they belong to that importer. */
const satellites = (files: ReadonlyArray<SourceFile>): ReadonlyArray<string> => {
  const importers = new Map<string, Array<string>>()
  for (const [from, targets] of neighbours(files)) {
    for (const to of new Set(targets)) importers.set(to, [...(importers.get(to) ?? []), from])
  }
  return files
    .filter(({ path, text }) => {
      const [only, ...others] = importers.get(path) ?? []
      return (
        only !== undefined &&
        others.length === 0 &&
        Path.posix.dirname(only) === Path.posix.dirname(path) &&
        text.split("\n").length <= ownFileFrom
      )
    })
    .map(({ path }) => path)
}

/**
 * Events that more files name than `homesMax`, with the number of those files. The demo and the
 * sentences of the bot are not counted.
 */
const spreadEvents = (
  files: ReadonlyArray<SourceFile>,
  tags: ReadonlyArray<string>,
): Record<string, number> =>
  Object.fromEntries(
    tags
      .map((tag) => {
        const named = new RegExp(`"${tag}"|\\b${tag}: `)
        const homes = files.filter(
          ({ path, text }) =>
            !path.startsWith("playground/") && !path.startsWith("bot/texts/") && named.test(text),
        )
        return [tag, homes.length] as const
      })
      .filter(([, homes]) => homes > homesMax),
  )

/** File names that stand in more than one folder, or differ by case only. */
const sharedNames = (files: ReadonlyArray<SourceFile>): ReadonlyArray<string> =>
  [...Map.groupBy(files, ({ path }) => Path.posix.basename(path).toLowerCase())]
    .filter(([, group]) => group.length > 1)
    .map(([name]) => name)

const exceptions: {
  readonly inCircles: ReadonlyArray<string>
  readonly satellites: ReadonlyArray<string>
  readonly spreadEvents: Readonly<Record<string, number>>
  readonly sharedNames: ReadonlyArray<string>
} = {
  inCircles: [],
  satellites: [
    // The one door to the rules of a pool, which their tests use as well.
    "pool/rulebook.ts",
    // The compile cache has to be on before the first of these modules is loaded.
    "terminal.ts",
  ],
  spreadEvents: {
    // A command of keepers and an event of one name.
    Delivered: 7,
    Confirmed: 7,
    // An applicant who has to wait is "Paused" too.
    Paused: 7,
    // A command of admins and an event of one name; Pools and Reminders end what hangs on the item.
    SetAside: 9,
  },
  // What an employee's tap does (wizards/) beside what is drawn (screens/).
  sharedNames: ["proxyadd.ts", "proxyget.ts", "stats.ts"],
}

describe("the shape of the house", () => {
  const files = sources()
  const tags = Object.keys(PoolEvent.cases)

  it("no file needs itself", () => {
    assert.deepStrictEqual(inCircles(files).toSorted(), exceptions.inCircles.toSorted())
  })

  it("no short file has one neighbour alone that imports it", () => {
    assert.deepStrictEqual(satellites(files).toSorted(), exceptions.satellites.toSorted())
  })

  it("an event is named in few files", () => {
    assert.isAbove(tags.length, 20)
    assert.deepStrictEqual(spreadEvents(files, tags), exceptions.spreadEvents)
  })

  it("no two files differ by case or folder alone", () => {
    assert.deepStrictEqual(sharedNames(files).toSorted(), exceptions.sharedNames.toSorted())
  })
})

describe("a planted breach is seen", () => {
  const file = (path: string, text: string): SourceFile => ({ path, text })

  it("a circle, by type imports too", () => {
    const planted = [
      file("pool/A.ts", 'import { b } from "./b.ts"\n'),
      file("pool/b.ts", 'import type { C } from "../stats/C.ts"\n'),
      file("stats/C.ts", 'import { type A, a } from "../pool/A.ts"\n'),
      file("stats/D.ts", 'import { C } from "./C.ts"\n'),
    ]
    assert.deepStrictEqual(inCircles(planted), ["pool/A.ts", "pool/b.ts", "stats/C.ts"])
  })

  it("a satellite; neither a long file, nor one with two importers, nor one of another folder", () => {
    const planted = [
      file("bot/Big.ts", 'import { a } from "./small.ts"\nimport { l } from "./long.ts"\n'),
      file("bot/Other.ts", 'import { s } from "./shared.ts"\nimport { b } from "./Big.ts"\n'),
      file("bot/Third.ts", 'import { s } from "./shared.ts"\nimport { b } from "./Big.ts"\n'),
      file("bot/small.ts", "export const a = 1\n".repeat(ownFileFrom - 1)),
      file("bot/long.ts", "export const l = 1\n".repeat(ownFileFrom)),
      file("bot/shared.ts", 'import { far } from "../pool/far.ts"\nexport const s = far\n'),
      file("pool/far.ts", "export const far = 1\n"),
    ]
    assert.deepStrictEqual(satellites(planted), ["bot/small.ts"])
  })

  it("an event all over the house; the demo and the sentences are not counted", () => {
    const naming = Array.from({ length: homesMax }, (_, index) =>
      file(`pool/${index}.ts`, 'case "Issued":\n'),
    )
    const elsewhere = file("playground/Story.ts", 'tag === "Issued"\n')
    const sentence = file("bot/texts/en.ts", "Issued: (count) =>\n")
    assert.deepStrictEqual(spreadEvents([...naming, elsewhere, sentence], ["Issued"]), {})
    const more = file("bot/x.ts", "const handlers = { Issued: handle }\n")
    assert.deepStrictEqual(spreadEvents([...naming, more], ["Issued", "Loaded"]), {
      Issued: homesMax + 1,
    })
  })

  it("names that differ by case or folder", () => {
    const planted = ["bot/Waits.ts", "bot/waits.ts", "pool/Pool.ts", "sheets/pool.ts", "pool/a.ts"]
    assert.deepStrictEqual(sharedNames(planted.map((path) => file(path, ""))), [
      "waits.ts",
      "pool.ts",
    ])
  })
})
