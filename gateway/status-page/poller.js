// Asks the box every second, in a worker: a hidden page's own timers may run once a minute only.

const everyMs = 1_000
const deadlineMs = 3_000

/** @param {unknown} message */
const tell = (message) =>
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's own port has no target
  self.postMessage(message)

const ask = async () => {
  try {
    const reply = await fetch('/page.json', { cache: 'no-store', signal: AbortSignal.timeout(deadlineMs) })
    if (!reply.ok) throw new Error(`status ${reply.status}`)
    tell({ kind: 'status', status: await reply.json() })
  } catch {
    // No answer, or not the box's: the page counts the time by the ticks.
  }
}

let asking = false
setInterval(() => {
  tell({ kind: 'tick' })
  if (asking) return
  asking = true
  void ask().finally(() => (asking = false))
}, everyMs)
void ask()
