/** What a process has used, as Linux tells it from the outside: the process itself does nothing for it. */
import * as Fs from "node:fs"

export interface Usage {
  /** Milliseconds of the processor since the start of the process, all threads together. */
  readonly cpu: number
  /** Megabytes of memory. */
  readonly rss: number
}

/** Linux counts the time of a process in hundredths of a second. */
const millisPerTick = 10

export const usageOf = (pid: number): Usage => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(Fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  const stat = Fs.readFileSync(`/proc/${pid}/stat`, "utf8")
  // The second field is the name of the program in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const [user, system] = [Number(fields[11]), Number(fields[12])]
  return { cpu: (user + system) * millisPerTick, rss: Number(kilobytes) / 1_024 }
}
