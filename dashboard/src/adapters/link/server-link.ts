import type { ApiAnswer, ApiResults, FromWorker, ServerLink, ToWorker } from '#dashboard/core/worker-protocol.ts'
// oxlint-disable-next-line import/default -- Vite answers this query with the worker's address
import workerUrl from './live.worker.ts?worker&url'

/** The content security policy names this policy; a worker from a plain string is refused. */
const policyName = 'app-worker'

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string }
}

declare global {
  // Not yet in TypeScript's DOM library; absent in browsers without trusted types.
  var trustedTypes: TrustedTypes | undefined
}

const onlyOwnWorker = (url: string): string => {
  if (url !== workerUrl) throw new TypeError('only the live worker is started here')
  return url
}

const trusted = (url: string): string =>
  globalThis.trustedTypes?.createPolicy(policyName, { createScriptURL: onlyOwnWorker }).createScriptURL(url) ??
  onlyOwnWorker(url)

/** Starts the live worker and speaks with it. */
export const startServerLink = (): ServerLink => {
  const worker = new Worker(trusted(workerUrl), { type: 'module', name: 'live' })
  const listeners = new Set<(message: FromWorker) => void>()
  const waiting = new Map<number, (answer: ApiAnswer) => void>()
  let lastId = 0

  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
    const message = event.data
    if (message.kind === 'answer') {
      waiting.get(message.id)?.(message.answer)
      waiting.delete(message.id)
      return
    }
    for (const listener of listeners) listener(message)
  })

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  const post = (message: ToWorker): void => worker.postMessage(message)
  return {
    post,
    listen: (listener) => void listeners.add(listener),
    request: <W extends keyof ApiResults>(request: Extract<Parameters<ServerLink['request']>[0], { what: W }>) =>
      new Promise<ApiAnswer<W>>((resolve) => {
        lastId += 1
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the worker answers what was asked
        waiting.set(lastId, (answer) => resolve(answer as ApiAnswer<W>))
        post({ kind: 'request', id: lastId, request })
      }),
  }
}
