import './zod-jitless.ts'
import type { FromWorker, ToWorker } from '#dashboard/core/worker-protocol.ts'
import { LiveSocket } from './live-socket.ts'
import { askServer } from './rest.ts'

// The dedicated worker: it owns the socket, because a hidden tab's own timers run once a minute.

const tell = (message: FromWorker): void => postMessage(message)

const live = new LiveSocket(import.meta.env['VITE_BUILD'] ?? 'dev', tell)

// Handshakes are refused without a reason when the session is gone; only /me can say so.
const askEveryMs = 4_000
let asking = false
setInterval(() => {
  if (live.attempt < 2 || asking) return
  asking = true
  void askServer({ what: 'me' }).then((answer) => {
    asking = false
    if (answer.ok || answer.failure !== 'signed-out') return
    live.disconnect()
    tell({ kind: 'session-ended' })
  })
}, askEveryMs)

onmessage = (event: MessageEvent<ToWorker>): void => {
  const message = event.data
  if (message.kind !== 'request') return live.handle(message)
  void askServer(message.request).then((answer) => tell({ kind: 'answer', id: message.id, answer }))
}
