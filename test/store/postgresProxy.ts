/** A way to the server that a test can cut at a chosen place. */
import * as Fs from "node:fs"
import * as Net from "node:net"
import * as Path from "node:path"

/**
 * What happens to the next message of the client, and to the connection:
 *
 * - `answer`: the server gets it, and the client never learns what came of it.
 * - `request`: the server never gets it.
 * - `hang`: the server never gets it, and the connection stays as if nothing had happened.
 * - `late`: the server gets it once the client has given up, when `release` is called.
 */
type Cut = "answer" | "request" | "hang" | "late"

export interface Proxy {
  /** The directory of its socket. */
  readonly directory: string
  cut: Cut | undefined
  /** How many messages go through before that one. */
  before: number
  /** While set, nobody gets through. */
  isShut: boolean
  /** Tells when so many more did not get through. */
  readonly refused: (count: number) => Promise<void>
  /** Tells when something is lost: the answer of the server, or a message that hangs. */
  readonly lost: () => Promise<void>
  /** Hands over what came late, and waits until the server has dealt with it. */
  readonly release: () => Promise<void>
  readonly close: () => void
}

export const openProxy = async (directory: string, to: string): Promise<Proxy> => {
  const socketIn = (place: string) => Path.join(place, ".s.PGSQL.5432")
  Fs.mkdirSync(directory, { recursive: true })
  const sockets = new Set<Net.Socket>()
  let late: (() => Promise<void>) | undefined
  let lost: (() => void) | undefined
  const refusals: { left: number; done: () => void } = { left: 0, done: () => {} }

  const proxy: Proxy = {
    directory,
    cut: undefined,
    before: 0,
    isShut: false,
    refused: (count) =>
      new Promise<void>((resolve) => {
        refusals.left = count
        refusals.done = resolve
      }),
    lost: () => new Promise<void>((resolve) => (lost = resolve)),
    release: async () => late?.(),
    close: () => {
      for (const socket of sockets) socket.destroy()
      listener.close()
    },
  }

  const listener = Net.createServer((client) => {
    if (proxy.isShut) {
      refusals.left -= 1
      if (refusals.left === 0) refusals.done()
      return client.destroy()
    }
    const server = Net.connect(socketIn(to))
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on("error", () => {})
    }
    let isAnswerLost = false
    client.on("data", (chunk) => {
      if (proxy.before > 0) {
        proxy.before -= 1
        server.write(chunk)
        return
      }
      const { cut } = proxy
      proxy.cut = undefined
      if (cut === "hang") {
        lost?.()
        return
      }
      if (cut === "request") {
        client.destroy()
        server.destroy()
        return
      }
      if (cut === "late") {
        late = () =>
          new Promise((resolve) => {
            server.once("data", () => resolve())
            server.write(chunk)
          })
        client.removeAllListeners("close").destroy()
        return
      }
      isAnswerLost = cut === "answer"
      server.write(chunk)
    })
    server.on("data", (chunk) => {
      if (isAnswerLost) {
        lost?.()
        client.destroy()
        server.destroy()
      } else if (!client.destroyed) client.write(chunk)
    })
    client.on("close", () => server.destroy())
    return server.on("close", () => client.destroy())
  })
  await new Promise<void>((resolve) => listener.listen(socketIn(directory), resolve))
  return proxy
}
