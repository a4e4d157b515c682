/**
 * Looks through the write-ahead log of SQLite, `journal.db-wal`, before SQLite does.
 *
 * After a kill or a power cut this file holds the newest transactions. SQLite takes its frames up to
 * the first one that does not check and drops all behind it without a word: it supposes that the
 * write of the last transaction was cut off. A bit that the disk has turned looks the same to it,
 * and durable transactions would be gone. Here the two are told apart:
 *
 * - A transaction is synced before the next one is written, so a write that was cut off has no whole
 *   transaction behind it.
 * - A write that was cut off leaves what stood there before. A frame that checks once a single bit
 *   of it is turned was written whole.
 *
 * More than one turned bit in the last transaction alone cannot be told from a write that was cut
 * off. The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
import * as Fs from "node:fs"
import { JournalDamaged } from "./Journal.ts"

/** What is damaged in the log; nothing where there is no log, or one whose end was cut off. */
export const damageInLog = (path: string): JournalDamaged | undefined => {
  const bytes = readLog(path)
  if (bytes === undefined || bytes.length < headerSize) return undefined
  const header = headerOf(bytes)
  if (header === undefined) {
    return hasFrames(bytes)
      ? damaged("header", "its header does not check, though transactions stand behind it")
      : undefined
  }
  const frames = framesOf(bytes, header)
  const first = frames.findIndex(({ isChained, isOfThisLog }) => !isChained || !isOfThisLog)
  const frame = frames[first]
  if (frame === undefined) return undefined
  const name = `frame ${first + 1}`
  if (frame.isChained || isOneBitOff(bytes, header, frame)) {
    return damaged(name, "a bit in it is not what was written")
  }
  return hasTransactionBehind(frames.slice(first))
    ? damaged(name, "it does not check, though whole transactions stand behind it")
    : undefined
}

const damaged = (record: string, problem: string) =>
  new JournalDamaged({ table: "journal.db-wal", record, problem })

/**
 * Nothing where there is no log, and where another process begins it anew meanwhile: whoever opens
 * the journal then is told that it is in use.
 */
const readLog = (path: string): Buffer | undefined => {
  if (!Fs.existsSync(path)) return undefined
  const bytes = Fs.readFileSync(path)
  const file = Fs.openSync(path, "r")
  try {
    const again = Buffer.alloc(Math.min(headerSize, bytes.length))
    Fs.readSync(file, again, 0, again.length, 0)
    return again.equals(bytes.subarray(0, again.length)) ? bytes : undefined
  } finally {
    Fs.closeSync(file)
  }
}

const headerSize = 32
const frameHeaderSize = 24
/** So many bytes of a header are summed; the sums stand behind them. */
const headerSummed = 24
/** So many bytes of a frame's header are summed, and then its page. */
const frameSummed = 8

type Sums = readonly [number, number]

interface Header {
  readonly isLittle: boolean
  readonly pageSize: number
  /** The sums that the first frame goes on from. */
  readonly sums: Sums
}

/** Nothing where the header does not check. */
const headerOf = (bytes: Buffer): Header | undefined => {
  const magic = bytes.readUInt32BE(0)
  const pageSize = bytes.readUInt32BE(8)
  if (magic >>> 1 !== logMagic >>> 1 || !pageSizes.includes(pageSize)) return undefined
  const isLittle = magic === logMagic
  const sums = sumsOf(bytes, [[0, headerSummed]], [0, 0], isLittle)
  return isSame(sums, sumsAt(bytes, headerSummed)) ? { isLittle, pageSize, sums } : undefined
}

/** The last bit of what a log begins with says that its sums are of big-endian words. */
const logMagic = 0x37_7f_06_82
const pageSizes = Array.from({ length: 8 }, (_, n) => 512 << n)

interface Frame {
  readonly at: number
  /** The sums that stand before it, which its own go on from. */
  readonly before: Sums
  /** Its sums are those of its content. */
  readonly isChained: boolean
  /** It was written since the log was begun anew; older frames may stand behind the newest. */
  readonly isOfThisLog: boolean
  readonly endsTransaction: boolean
}

const framesOf = (
  bytes: Buffer,
  { isLittle, pageSize, sums }: Header,
  max = Number.POSITIVE_INFINITY,
): ReadonlyArray<Frame> => {
  const size = frameHeaderSize + pageSize
  const count = Math.min(max, Math.floor((bytes.length - headerSize) / size))
  const frames: Array<Frame> = []
  let before = sums
  for (let n = 0; n < count; n += 1) {
    const at = headerSize + n * size
    const written = sumsAt(bytes, at + 16)
    frames.push({
      at,
      before,
      isChained: isSame(sumsOf(bytes, summedOf(at, pageSize), before, isLittle), written),
      isOfThisLog: bytes.subarray(at + 8, at + 16).equals(bytes.subarray(16, 24)),
      endsTransaction: bytes.readUInt32BE(at + 4) !== 0,
    })
    before = written
  }
  return frames
}

const summedOf = (at: number, pageSize: number) =>
  [
    [at, frameSummed],
    [at + frameHeaderSize, pageSize],
  ] as const

const sumsAt = (bytes: Buffer, at: number): Sums => [
  bytes.readUInt32BE(at),
  bytes.readUInt32BE(at + 4),
]

const isSame = (one: Sums, other: Sums) => one[0] === other[0] && one[1] === other[1]

/** The sums of the parts, each a place and a length, that go on from `before`. */
const sumsOf = (
  bytes: Buffer,
  parts: ReadonlyArray<readonly [number, number]>,
  before: Sums,
  isLittle: boolean,
): Sums => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [first, second] = before
  for (const [at, length] of parts) {
    for (let place = at; place < at + length; place += 8) {
      first = (first + view.getUint32(place, isLittle) + second) | 0
      second = (second + view.getUint32(place + 4, isLittle) + first) | 0
    }
  }
  return [first >>> 0, second >>> 0]
}

/** Whether a transaction that is whole stands behind the end of the one that begins or goes on here. */
const hasTransactionBehind = (frames: ReadonlyArray<Frame>): boolean => {
  let isBehindAnEnd = false
  for (const { isChained, isOfThisLog, endsTransaction } of frames) {
    if (isBehindAnEnd && isChained && isOfThisLog && endsTransaction) return true
    isBehindAnEnd = isOfThisLog && (endsTransaction || (isBehindAnEnd && isChained))
  }
  return false
}

/** Whether frames that belong together stand behind a header that does not check. */
const hasFrames = (bytes: Buffer): boolean =>
  [true, false].some((isLittle) => {
    const starts = [
      sumsAt(bytes, headerSummed),
      sumsOf(bytes, [[0, headerSummed]], [0, 0], isLittle),
    ]
    return pageSizes.some((pageSize) =>
      starts.some((sums) =>
        framesOf(bytes, { isLittle, pageSize, sums }, 2).some(({ isChained }) => isChained),
      ),
    )
  })

/** Whether a single bit is wrong in what the frame says of its log, in its sums or in its content. */
const isOneBitOff = (
  bytes: Buffer,
  { isLittle, pageSize }: Header,
  { at, before, isOfThisLog }: Frame,
): boolean => {
  if (!isOfThisLog) return false
  const parts = summedOf(at, pageSize)
  const written = sumsAt(bytes, at + 16)
  const found = sumsOf(bytes, parts, before, isLittle)
  if (bitsIn(written[0] ^ found[0]) + bitsIn(written[1] ^ found[1]) === 1) return true
  const missing = [(written[0] - found[0]) | 0, (written[1] - found[1]) | 0]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // What one more in the first word of a pair, or in its second, adds to the sums at the end.
  let ofFirst = [1, 1]
  let ofSecond = [0, 1]
  for (const [start, length] of parts.toReversed()) {
    for (let place = start + length - 8; place >= start; place -= 8) {
      if (
        isOneBit(view.getUint32(place, isLittle), ofFirst, missing) ||
        isOneBit(view.getUint32(place + 4, isLittle), ofSecond, missing)
      ) {
        return true
      }
      ofFirst = goOn(ofFirst)
      ofSecond = goOn(ofSecond)
    }
  }
  return false
}

/** What a change of both sums becomes with one pair of words more. */
const goOn = ([first = 0, second = 0]: ReadonlyArray<number>) => [
  (first + second) | 0,
  (first + second + second) | 0,
]

/** Whether the sums would be right with one bit of the word turned. */
const isOneBit = (
  word: number,
  [first = 0, second = 0]: ReadonlyArray<number>,
  missing: ReadonlyArray<number>,
): boolean => {
  for (let bit = 0; bit < 32; bit += 1) {
    const change = (word >>> bit) & 1 ? -(1 << bit) : 1 << bit
    if (Math.imul(first, change) === missing[0] && Math.imul(second, change) === missing[1]) {
      return true
    }
  }
  return false
}

const bitsIn = (word: number): number => {
  let count = 0
  for (let left = word >>> 0; left !== 0; left = (left & (left - 1)) >>> 0) count += 1
  return count
}
