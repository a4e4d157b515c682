/** Profiles the part of a run that is measured, where a profile is asked for. */
import * as Fs from "node:fs"
import { Session } from "node:inspector/promises"

let file: string | undefined

/** The first thing that is measured from now on leaves its profile there. */
export const profileTo = (path: string) => {
  file = path
}

export const startProfile = async (): Promise<() => Promise<void>> => {
  const path = file
  file = undefined
  if (path === undefined) return async () => {}
  const session = new Session()
  session.connect()
  await session.post("Profiler.enable")
  await session.post("Profiler.setSamplingInterval", { interval: 500 })
  await session.post("Profiler.start")
  return async () => {
    const { profile } = await session.post("Profiler.stop")
    Fs.writeFileSync(path, JSON.stringify(profile))
    session.disconnect()
  }
}
