import type { TrustedScript } from '#dashboard/core/script-port.ts'
import type { ApiAnswer, ApiResults, FromWorker, ServerLink, ToWorker } from '#dashboard/core/worker-protocol.ts'
// oxlint-disable-next-line import/default -- Vite answers this query with the worker's address
import workerUrl from './live.worker.ts?worker&url'
import { LiveWorker } from './live-worker.ts'

export const liveWorkerUrl = workerUrl

/** Starts the live worker and speaks with it. */
export const startServerLink = (trusted: TrustedScript): ServerLink => {
  const listeners = new Set<(message: FromWorker) => void>()
  const waiting = new Map<number, (answer: ApiAnswer) => void>()
  let lastId = 0
  let touchedAt = performance.now()
  for (const type of ['pointerdown', 'keydown', 'wheel'] as const)
    addEventListener(type, () => (touchedAt = performance.now()), { capture: true, passive: true })

  const take = (message: FromWorker): void => {
    if (message.kind === 'answer') {
      waiting.get(message.id)?.(message.answer)
      waiting.delete(message.id)
      return
    }
    for (const listener of listeners) listener(message)
  }

  const worker = new LiveWorker((heard, failed) => {
    const started = new Worker(trusted(workerUrl), { type: 'module', name: 'live' })
    started.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => heard(data))
    started.addEventListener('error', failed)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    return { post: (message) => started.postMessage(message), end: () => started.terminate() }
  }, take)
  const post = (message: ToWorker): void => worker.post(message)
  return {
    post,
    listen: (listener) => void listeners.add(listener),
    request: <W extends keyof ApiResults>(request: Extract<Parameters<ServerLink['request']>[0], { what: W }>) =>
      new Promise<ApiAnswer<W>>((resolve) => {
        lastId += 1
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the worker answers what was asked
        waiting.set(lastId, (answer) => resolve(answer as ApiAnswer<W>))
        post({ kind: 'request', id: lastId, request, quietMs: performance.now() - touchedAt })
      }),
  }
}
