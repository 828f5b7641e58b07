import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<string | null>()

/** Does `work`, and everything that it leads to, under the trace of a hub's exchange; null: it has none. */
export const inTrace = (trace: string | null, work: () => void): void => current.run(trace, work)

/** For pino's `mixin`: whatever is logged on the way carries the trace. */
export const traceOfLine = (): { readonly trace?: string } => {
  const trace = current.getStore() ?? null
  return trace === null ? {} : { trace }
}
