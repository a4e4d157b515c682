/**
 * The connection to the demo. It tells of changes as they happen, and comes back by itself within a
 * second when the demo was ended and started again, as `kill -9` does.
 */

/** How long to wait before the demo is asked again whether it is back, in milliseconds. */
const pause = 400
/** The same once it has been away for longer than a start takes. */
const longPause = 2_000
const startMs = 10_000

/**
 * `changed()` after each change, `lost()` when the demo stopped answering, and `back({ lostMs,
 * restarted })` when it answers again: a demo that was started again counts its changes anew.
 */
export const connect = ({ changed, lost, back }) => {
  let last = 0
  let lostAt

  const listen = () => {
    const events = new EventSource("/sim/events")
    events.addEventListener("change", ({ data }) => {
      const number = Number(data)
      if (lostAt !== undefined) {
        back({ lostMs: performance.now() - lostAt, restarted: number < last })
        lostAt = undefined
      }
      last = number
      changed()
    })
    events.addEventListener("error", () => {
      // The browser itself would wait for some seconds.
      events.close()
      if (lostAt === undefined) {
        lostAt = performance.now()
        lost()
      }
      setTimeout(listen, performance.now() - lostAt < startMs ? pause : longPause)
    })
  }
  listen()
}
