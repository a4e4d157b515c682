/** The line from one replica to Postgres, one direction of which a fault cuts or delays for a while. */
import * as Net from "node:net"

export type Direction = "toServer" | "toClient"

interface Wire {
  readonly client: Net.Socket
  readonly server: Net.Socket
  /** In which direction something was swallowed: what follows would make no sense. */
  readonly lost: Set<Direction>
}

export class Line {
  private readonly wires = new Set<Wire>()
  private readonly listener: Net.Server
  private cut: Direction | undefined
  private delayed: Direction | undefined
  /** What arrives once the line is mended, in its order. */
  private late: Array<() => void> = []

  private constructor(to: number) {
    this.listener = Net.createServer({ allowHalfOpen: false }, (client) => this.join(client, to))
  }

  static async open(to: number): Promise<Line> {
    const line = new Line(to)
    await new Promise<void>((resolve) => {
      line.listener.listen(0, "127.0.0.1", resolve)
    })
    return line
  }

  get port() {
    const address = this.listener.address()
    return typeof address === "object" ? (address?.port ?? 0) : 0
  }

  /** The ports by which Postgres knows the connections. */
  get serverPorts(): ReadonlyArray<number> {
    return [...this.wires].flatMap(({ server }) =>
      server.localPort === undefined ? [] : [server.localPort],
    )
  }

  /**
   * From here on whatever goes that way is swallowed, goodbyes too, and nobody is told. A connection
   * that lost something stays mute when the line is mended; others and new ones work again.
   */
  swallow(direction: Direction) {
    this.cut = direction
  }

  /** From here on whatever goes that way arrives when the line is mended, and not before. */
  hold(direction: Direction) {
    this.delayed = direction
  }

  mend() {
    this.cut = undefined
    this.delayed = undefined
    for (const arrive of this.late.splice(0)) arrive()
  }

  close() {
    for (const { client, server } of this.wires) {
      client.destroy()
      server.destroy()
    }
    this.listener.close()
  }

  private join(client: Net.Socket, to: number) {
    const server = Net.connect(to, "127.0.0.1")
    const wire: Wire = { client, server, lost: new Set() }
    this.wires.add(wire)
    const pass = (from: Net.Socket, into: Net.Socket, direction: Direction) => {
      from.on("error", () => {})
      from.on("data", (chunk) => {
        if (this.cut === direction) wire.lost.add(direction)
        if (wire.lost.has(direction)) return
        if (this.delayed === direction) this.late.push(() => into.write(chunk))
        else into.write(chunk)
      })
      from.on("close", () => {
        const bye = () => {
          into.end()
          this.wires.delete(wire)
        }
        if (this.cut === direction || this.delayed === direction) this.late.push(bye)
        else bye()
      })
    }
    pass(client, server, "toServer")
    pass(server, client, "toClient")
  }
}
