/** Chance that a seed repeats. What runs beside each other still meets in another order each time. */
export interface Chance {
  /** From 0 up to 1, without it. */
  readonly next: () => number
  /** A whole number from `least` to `most`. */
  readonly whole: (least: number, most: number) => number
  readonly isLucky: (share: number) => boolean
  readonly pick: <A>(from: ReadonlyArray<A>) => A
}

export const makeChance = (seed: number): Chance => {
  let state = seed >>> 0
  // Mulberry32, which is even enough for a choice among a few.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    whole,
    isLucky: (share) => next() < share,
    pick: (from) => {
      const found = from[whole(0, from.length - 1)]
      if (found === undefined) throw new Error("nothing to pick from")
      return found
    },
  }
}
