/**
 * A Postgres of our own: in a directory that is removed with it, reached by a socket. It is found
 * where it is installed, and whoever needs one does without where it is not.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { env } from "node:process"

const programs = (): string | undefined => {
  const versions = "/usr/lib/postgresql"
  const installed = Fs.existsSync(versions)
    ? Fs.readdirSync(versions).map((version) => Path.join(versions, version, "bin"))
    : []
  return [...(env["PATH"] ?? "").split(Path.delimiter), ...installed].find((directory) =>
    ["initdb", "postgres"].every((name) => Fs.existsSync(Path.join(directory, name))),
  )
}

const found = programs()
export const isPostgresHere = found !== undefined

/** Postgres refuses to be run by root. */
const user = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const known = Fs.readFileSync("/etc/passwd", "utf8").split("\n")
  const line = known.find((each) => /^(postgres|nobody):/.test(each))
  const [, , uid, gid] = line?.split(":") ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

export interface PostgresProcess {
  /** Of its socket. */
  readonly directory: string
  /** Of its main process. */
  readonly pid: () => number | undefined
  readonly start: () => Promise<void>
  /** Ends it at once, with all connections. */
  readonly stop: () => Promise<void>
  /** Makes its directory, and starts it for the first time. */
  readonly create: () => Promise<void>
  /** Ends it, and removes what it had. */
  readonly remove: () => Promise<void>
}

interface Options {
  /** Beside the ones that every Postgres of ours has. */
  readonly settings?: Readonly<Record<string, string>>
  /** The directory for the data, where they are not to lie beside the socket. */
  readonly data?: string
}

let made = 0

export const makePostgres = ({ settings = {}, data }: Options = {}): PostgresProcess => {
  const directory = Path.join(Os.tmpdir(), `account-bot-pg-${process.pid}-${(made += 1)}`)
  const dataDirectory = data ?? Path.join(directory, "data")
  let running: ChildProcess | undefined

  const start = () =>
    new Promise<void>((resolve, reject) => {
      const all = {
        listen_addresses: "",
        unix_socket_directories: directory,
        max_connections: "300",
        ...settings,
      }
      const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
      running = spawn(Path.join(found ?? "", "postgres"), ["-D", dataDirectory, ...options], {
        ...user(),
        cwd: directory,
        env: { LC_ALL: "C" },
        stdio: ["ignore", "ignore", "pipe"],
      })
      let log = ""
      running.stderr?.setEncoding("utf8").on("data", (text: string) => {
        log += text
        if (log.includes("ready to accept connections")) resolve()
      })
      running.once("exit", () => reject(new Error(log)))
    })

  const stop = () =>
    new Promise<void>((resolve) => {
      if (running === undefined) return resolve()
      running.once("exit", () => resolve())
      running.kill("SIGQUIT")
      running = undefined
    })

  return {
    directory,
    pid: () => running?.pid,
    start,
    stop,
    create: async () => {
      Fs.mkdirSync(directory, { mode: 0o700 })
      const { uid, gid } = user()
      if (uid !== undefined && gid !== undefined) {
        Fs.chownSync(directory, uid, gid)
        if (data !== undefined) Fs.chownSync(data, uid, gid)
      }
      execFileSync(
        Path.join(found ?? "", "initdb"),
        ["-D", dataDirectory, "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-sync"],
        { ...user(), cwd: directory, env: { LC_ALL: "C" }, stdio: "ignore" },
      )
      await start()
    },
    remove: async () => {
      await stop()
      Fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}
