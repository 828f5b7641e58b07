import type { ApiAnswer, ApiResults, FromWorker, ServerLink, ToWorker } from '#dashboard/core/worker-protocol.ts'
import workerUrl from './live.worker.ts?worker&url'

/** Content security policy names this policy; a worker from a plain string is refused. */
const policyName = 'app-worker'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): {
    createScriptURL(url: string): string
  }
}

const trusted = (url: string): string => {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  const own = (candidate: string): string => {
    if (candidate !== workerUrl) throw new TypeError('only the live worker is started here')
    return candidate
  }
  return types === undefined ? own(url) : types.createPolicy(policyName, { createScriptURL: own }).createScriptURL(url)
}

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
