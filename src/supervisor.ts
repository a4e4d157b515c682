/**
 * What `npm run demo` starts: the demo in a process of its own, and that again when it was killed,
 * as a service manager does with the bot. It loads nothing else, so it is there at once.
 */
import { spawn } from "node:child_process"
import { freshBundle } from "./bundle.ts"

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

const main = freshBundle() ?? `${import.meta.dirname}/main.ts`

const start = (run: "first" | "again") => {
  const child = spawn(
    process.execPath,
    [...process.execArgv, main, "demo", "--supervised", run, ...process.argv.slice(2)],
    // Detached: a Ctrl+C reaches this process alone, which passes it on once.
    { stdio: ["inherit", "inherit", "inherit", "ipc"], detached: true },
  )
  let isStopping = false
  const passOn = (signal: NodeJS.Signals) => {
    isStopping = true
    child.kill(signal)
  }
  for (const signal of signals) process.on(signal, passOn)
  child.once("exit", (code, signal) => {
    for (const each of signals) process.off(each, passOn)
    if (signal === "SIGKILL" && !isStopping) {
      start("again")
      return
    }
    if (signal === null) process.exitCode = code ?? 1
    else process.kill(process.pid, signal)
  })
}

start("first")
