/** The books of a pool as its events alone give them, and how they compare with memory. */

/** Where an item can be, once it was taken from a base tab. */
export type Place = OpenPlace | SettledPlace
/** Places that memory knows. */
export type OpenPlace =
  | "available"
  | "returning"
  | "pending"
  | "buffer"
  | "written"
  /** Its row is not to be written, by an admin's word. */
  | "abandoned"
  | "quarantine"
  | "trash"
export type SettledPlace = "retired" | "returned" | "gone"

export interface Lot {
  readonly item: string
  readonly place: OpenPlace
  /** Of an item that can be, or is, in somebody's hands: no two of them may be the same thing. */
  readonly key: string | null
}

export type Problem =
  /** The events put it somewhere, memory has it nowhere. */
  | "missing"
  /** Memory has it in another place than the events put it. */
  | "misplaced"
  /** Memory has it more than once. */
  | "doubled"
  /** Memory has it, but the events never brought it, or settled it. */
  | "unknown"
  /** Issued while somebody had it, so two people at once. */
  | "issuedTwice"
  /** Taken from the sheet twice. */
  | "loadedTwice"
  /** An event speaks of something that was not as it must be for that to happen to it. */
  | "outOfPlace"

export interface Difference {
  /** Id of the item; of an issuance or a trash that the events never began. */
  readonly item: string
  readonly problem: Problem
}

export interface Handed {
  readonly item: string
  readonly isMarked: boolean
  readonly hasRow: boolean
  readonly isAbandoned: boolean
}

/** What the events came to so far. Changed in place: there may be millions of them. */
export interface Books {
  /** How many items were ever taken from the sheet. */
  read: number
  readonly open: Map<string, OpenPlace>
  readonly settled: Record<SettledPlace, number>
  readonly claims: Set<string>
  readonly issuances: Map<string, Handed>
  readonly trash: Map<string, ReadonlyArray<string>>
  readonly faults: Map<string, Problem>
}

export const openBooks = (): Books => ({
  read: 0,
  open: new Map(),
  settled: { retired: 0, returned: 0, gone: 0 },
  claims: new Set(),
  issuances: new Map(),
  trash: new Map(),
  faults: new Map(),
})

/** How many items are in which place; only where there are any. */
export const countsOf = ({ open, settled }: Books): Readonly<Partial<Record<Place, number>>> => {
  const counts = new Map<Place, number>()
  for (const place of open.values()) counts.set(place, (counts.get(place) ?? 0) + 1)
  return Object.fromEntries([
    ...counts,
    ...Object.entries(settled).filter(([, count]) => count > 0),
  ])
}

/** The books against memory as of the same event; each item once. */
export const compare = (books: Books, memory: ReadonlyArray<Lot>): ReadonlyArray<Difference> => {
  const found = new Map(books.faults)
  const report = (item: string, problem: Problem) => {
    if (!found.has(item)) found.set(item, problem)
  }
  const byItem = Map.groupBy(memory, ({ item }) => item)
  for (const [item, lots] of byItem) {
    const place = books.open.get(item)
    if (lots.length > 1) report(item, "doubled")
    else if (place === undefined) report(item, "unknown")
    else if (lots[0]?.place !== place) report(item, "misplaced")
  }
  for (const item of books.open.keys()) if (!byItem.has(item)) report(item, "missing")
  for (const [key, lots] of Map.groupBy(memory, (lot) => lot.key)) {
    if (key === null) continue
    for (const { item } of lots.slice(1)) report(item, "doubled")
  }
  return [...found].map(([item, problem]) => ({ item, problem }))
}
