import { readFile } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { limitConnections } from '#server/adapters/connection-limit.ts'
import { newLiveFeedCounters } from '#server/adapters/live-feed/counters.ts'
import { newPagingCounters } from '#server/core/paging/counters.ts'
import { serveMetrics } from '#server/adapters/server-metrics.ts'
import type { ServerReading } from '#server/adapters/server-metrics.ts'
import { eventually } from '#test/support/eventually.ts'

const reading: ServerReading = {
  version: '1.2.3',
  shed: [{ lane: 'telemetry', reason: 'event-loop', count: 7 }],
  limited: { hub: 1, stranger: 2, connection: 3 },
  pressure: 1,
  lateMs: 250,
  telemetryInWork: 4,
  hubRefusals: new Map([['bad_signature', 5]]),
  connections: 6,
  liveClients: 8,
  live: { ...newLiveFeedCounters(), 'dropped-slow': 9 },
  certificateEnds: 1_800_000_000_000,
  lanes: {
    alarm: { batches: 3, records: { stored: 4, refused: 0, retry: 0 } },
    telemetry: { batches: 5, records: { stored: 400, refused: 1, retry: 20 } },
  },
  fleet: {
    hubs: { 'never-heard': 0, live: 11, lost: 2, revoked: 0 },
    pumps: { closed: 0, waiting: 0, listening: 0, up: 12, stale: 1, lost: 0 },
    oldestProofMs: 42_000,
    unproven: 1,
  },
  pages: { ...newPagingCounters(), queued: 3, remindersQueued: 2, sent: 4, timedOut: 1 },
  pageDelays: { sent: { half: 100, most95: 1500, longest: 2500 }, waiting: 1, oldestWaiting: 7_000 },
}

it('the figures of the server are on this machine alone, well-formed, and the ones that docs/operations.md lists', async () => {
  let now: ServerReading = reading
  const metrics = await serveMetrics({ host: '127.0.0.1', port: 0 }, () => now)
  onTestFinished(() => metrics[Symbol.asyncDispose]())
  const origin = `http://127.0.0.1:${metrics.port}`
  const reply = await fetch(`${origin}/metrics`)
  expect(reply.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  const text = await reply.text()
  for (const line of [
    'shed_total{lane="telemetry",reason="event-loop"} 7',
    'limited_total{limit="stranger"} 2',
    'hub_refusals_total{code="bad_signature"} 5',
    'live_refusals_total{reason="dropped-slow"} 9',
    'event_loop_late_seconds 0.25',
    'tls_certificate_end_timestamp_seconds 1800000000',
    'records_total{lane="telemetry",verdict="retry"} 20',
    'batches_total{lane="alarm"} 3',
    'hubs{state="lost"} 2',
    'pumps{link="stale"} 1',
    'canary_oldest_seconds 42',
    'hubs_unproven 1',
    'pages_total{event="queued"} 5',
    'pages_total{event="timed-out"} 1',
    'page_delay_seconds{quantile="0.95"} 1.5',
    'page_oldest_waiting_seconds 7',
  ])
    expect(text).toContain(`infusion_watch_server_${line}\n`)
  const page = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
  const [, section = ''] = /\n## Metrics of the server\n(.*?)\n## /s.exec(page) ?? []
  const listed = [...section.matchAll(/^\| `([a-z_]+)` \| (counter|gauge)\b/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  const told = [...text.matchAll(/^# TYPE infusion_watch_server_([a-z_]+) (counter|gauge)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  )
  expect(told.toSorted()).toEqual(listed.toSorted())

  now = { ...reading, certificateEnds: null }
  expect(await (await fetch(`${origin}/metrics`)).text()).not.toMatch(/^infusion_watch_server_tls/m)
  expect((await fetch(`${origin}/other`)).status).toBe(404)
})

it('one address holds a bounded number of connections, and whoever is over it is not read', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).resume())
  const limited = limitConnections(server, ['10.0.0.0/8'], 3)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const come = (): Socket => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    return socket
  }
  const [first] = [come(), come(), come()]
  await eventually(() => limited.open === 3)
  const fourth = come()
  await eventually(() => fourth.destroyed || fourth.readableEnded)
  expect([limited.refused, limited.open]).toEqual([1, 3])
  first?.destroy()
  await eventually(() => limited.open === 2)
  come()
  await eventually(() => limited.open === 3)
  expect(limited.refused).toBe(1)
})
