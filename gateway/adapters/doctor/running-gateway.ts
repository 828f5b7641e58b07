import { z } from 'zod'

const Status = z.object({
  name: z.string(),
  stuck: z.array(z.object({ name: z.string() })).default([]),
  ports: z.array(z.object({ name: z.string(), link: z.string(), reason: z.string().nullable() })),
})

export interface RunningGateway {
  readonly ports: readonly { readonly name: string; readonly link: string; readonly reason: string | null }[]
  readonly stuck: readonly string[]
}

const timeoutMs = 3_000
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** What a gateway of this name says on its status page; null when none answers there. */
export const readRunningGateway = async (host: string, port: number, name: string): Promise<RunningGateway | null> => {
  if (port === 0) return null
  try {
    const reply = await fetch(`http://${reachable(host)}:${port}/status`, { signal: AbortSignal.timeout(timeoutMs) })
    const status = Status.safeParse(await reply.json())
    if (!status.success || status.data.name !== name) return null
    return { ports: status.data.ports, stuck: status.data.stuck.map((part) => part.name) }
  } catch {
    return null
  }
}
