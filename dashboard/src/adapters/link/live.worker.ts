import './zod-jitless.ts'
import type { ApiAnswer, ApiRequest, FromWorker, ToWorker } from '#dashboard/core/worker-protocol.ts'
import { LiveSocket } from './live-socket.ts'
import { askServer } from './rest.ts'

declare global {
  interface ImportMetaEnv {
    /** Version of this build, from package.json (vite.config.ts). */
    readonly VITE_BUILD: string
  }
}

// The dedicated worker: it owns the socket, because a hidden tab's own timers run once a minute.

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has one page and no origin to name
const tell = (message: FromWorker): void => postMessage(message)

const live = new LiveSocket(import.meta.env.VITE_BUILD, tell)

// Handshakes are refused without a reason when the session is gone; only /me can say so.
const askEveryMs = 4_000
const refusedAttempts = 2
/** Nobody at the page asks this. */
const longQuietMs = 86_400_000
let asking = false

const endedBy = (answer: ApiAnswer): void => {
  if (answer.ok || answer.failure !== 'signed-out') return
  live.disconnect()
  tell({ kind: 'session-ended' })
}

const askWhetherSignedIn = async (): Promise<void> => {
  if (live.attempt < refusedAttempts || asking) return
  asking = true
  const answer = await askServer({ what: 'me' }, longQuietMs)
  asking = false
  endedBy(answer)
}
setInterval(() => void askWhetherSignedIn(), askEveryMs)

const answerRequest = async (id: number, request: ApiRequest, quietMs: number): Promise<void> => {
  const answer = await askServer(request, quietMs)
  tell({ kind: 'answer', id, answer })
  if (!answer.ok && answer.failure === 'part-missing') tell({ kind: 'part-missing' })
  endedBy(answer)
}

addEventListener('online', () => live.online())

onmessage = (event: MessageEvent<ToWorker>): void => {
  const message = event.data
  if (message.kind === 'request') void answerRequest(message.id, message.request, message.quietMs)
  else live.handle(message)
}
