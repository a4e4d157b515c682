/** What a process has used, as Linux tells it from the outside: the process itself does nothing for it. */
import * as Fs from "node:fs"

export interface Usage {
  /** Milliseconds of the processor since the start of the process, all threads together. */
  readonly cpu: number
  /** Megabytes of memory. */
  readonly rss: number
  /** Milliseconds in which its main thread could have worked and had no core. */
  readonly coreless: number
}

/** Linux counts the time of a process in hundredths of a second. */
const millisPerTick = 10

/** The fields after the name of the program, which stands in brackets and may hold anything. */
const fieldsOf = (pid: number) => {
  const stat = Fs.readFileSync(`/proc/${pid}/stat`, "utf8")
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")
}

export const usageOf = (pid: number): Usage => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(Fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  const fields = fieldsOf(pid)
  const [user, system] = [Number(fields[11]), Number(fields[12])]
  const [, coreless] = Fs.readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")
  return {
    cpu: (user + system) * millisPerTick,
    rss: Number(kilobytes) / 1_024,
    coreless: Number(coreless) / 1e6,
  }
}

/** Milliseconds of the processor of a process and its children, also of those that have ended. */
export const cpuOfFamily = (parent: number): number => {
  const living = Fs.readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), fields: fieldsOf(Number(name)) }]
      } catch {
        // It has ended since.
        return []
      }
    })
  const family = living.filter(({ pid, fields }) => pid === parent || Number(fields[1]) === parent)
  const ticks = family.flatMap(({ pid, fields }) =>
    (pid === parent ? fields.slice(11, 15) : fields.slice(11, 13)).map(Number),
  )
  return ticks.reduce((sum, each) => sum + each, 0) * millisPerTick
}
