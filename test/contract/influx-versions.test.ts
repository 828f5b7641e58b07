import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { InfluxTelemetryStore } from '#server/adapters/influx/telemetry-store.ts'
import { telemetry } from '#test/support/uplink-records.ts'

// What InfluxDB 2 and 3 answer is taken from their published API pages; only version 1 is run for real in telemetry-store.test.ts.

interface Answer {
  readonly status: number
  readonly body?: unknown
}
type Answers = (method: string, path: string) => Answer

const influx = async (version: string, answers: Answers) => {
  const asked: { line: string; authorization: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const [method, path] = [request.method ?? '', request.url ?? '']
      asked.push({ line: `${method} ${path}`, authorization: request.headers.authorization, body })
      const answer = path === '/ping' ? { status: 204 } : answers(method, path)
      response.writeHead(answer.status, { 'x-influxdb-version': version, 'content-type': 'application/json' })
      response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const logged: string[] = []
  const log = {
    debug: () => {},
    info: () => {},
    warn: ({ reason }: { readonly reason?: string }, text: string) =>
      void logged.push(reason === undefined ? text : `${text}: ${reason}`),
    error: () => {},
  }
  const store = (change: object = {}) =>
    new InfluxTelemetryStore({
      url: `http://127.0.0.1:${port}`,
      bucket: 'infusion',
      org: 'my org',
      token: 'secret',
      username: null,
      password: null,
      retentionDays: 90,
      minuteDays: 1095,
      log,
      ...change,
    })
  onTestFinished(() => void server.close())
  return { asked, logged, store }
}

const point = (seq: number) => ({
  hubId: HubId.parse('hub-1'),
  pumpId: PumpId.parse('PUMP-X'),
  bootId: BootId.parse('boot-1'),
  seq,
  occurredAt: instant(1_767_600_000_123),
  late: false,
  sample: telemetry(seq).body,
})
/** One sample and one minute, as `/query` of each version answers; a bucket or database of its own for minutes. */
const rolledUp = async (version: string, prepare: Answers) => {
  const { asked, store } = await influx(version, (method, path) => {
    const query = decodeURIComponent(path)
    if (query.includes('FROM "infusion"'))
      return answered(
        ['time', 'hub', 'channel', 'late', 'state', 'rate_ml_per_hour'],
        [1_767_600_000_123, 'hub-1', '1', 0, 5, 7],
      )
    if (query.includes('FROM "infusion_1m"'))
      return answered(
        [
          'time',
          'from',
          'to',
          'samples',
          'late',
          'state',
          'first_rate_ml_per_hour',
          'min_rate_ml_per_hour',
          'max_rate_ml_per_hour',
          'last_rate_ml_per_hour',
        ],
        [1_767_600_000_000, 1_767_600_000_123, 1_767_600_000_123, 1, 0, 5, 7, 7, 7, 7],
      )
    return prepare(method, path)
  })
  const opened = store()
  const pumpId = PumpId.parse('PUMP-X')
  const [from, to] = [1_767_600_000_000, 1_767_600_060_000]
  await opened.rollUp([{ pumpId, from, to }])
  const buckets = await opened.bucketsOfMinutes(pumpId, { from, to, origin: from, widthMs: 60_000 })
  expect(buckets).toEqual([
    {
      from: from + 123,
      to: from + 123,
      samples: 1,
      late: 0,
      state: 'infusing',
      values: { rateMlPerHour: [7, 7, 7, 7] },
    },
  ])
  return asked.map(({ line, body }) => ({ line: decodeURIComponent(line), body }))
}
const answered = (columns: readonly string[], row: readonly unknown[]): Answer => ({
  status: 200,
  body: { results: [{ statement_id: 0, series: [{ name: 'infusion', columns, values: [row] }] }] },
})
const minuteLine =
  /^infusion_1m,channel=1,hub=hub-1,pump=PUMP-X completeness=25i,count_rate_ml_per_hour=1i,first_at=1767600000123i,.*mean_rate_ml_per_hour=7,.*samples=1i,state=5i 1767600000000000000$/
const sampleQuery =
  /^GET \/query\?db=infusion&epoch=ms&q=SELECT "hub", "channel", "late", "state", "rate_ml_per_hour".* FROM "infusion" WHERE "pump" = 'PUMP-X' AND time >= 1767600000000ms AND time < 1767600060000ms ORDER BY time$/
const minuteQuery =
  /^GET \/query\?db=infusion_1m&epoch=ms&q=SELECT min\("first_at"\) AS "from", max\("last_at"\) AS "to", sum\("samples"\).* FROM "infusion_1m" WHERE "pump" = 'PUMP-X' .* GROUP BY time\(60000ms, 0ms\) fill\(none\)$/

const noContent: Answers = () => ({ status: 204 })

describe('InfluxDB 2', () => {
  it('gets its bucket made with the retention, then points with a token', async () => {
    const { asked, store } = await influx('v2.7.1', (method, path) => {
      if (path.startsWith('/api/v2/buckets?'))
        return { status: 404, body: { code: 'not found', message: 'bucket "infusion" not found' } }
      if (path.startsWith('/api/v2/orgs?')) return { status: 200, body: { orgs: [{ id: '0a1b', name: 'my org' }] } }
      return method === 'POST' && path === '/api/v2/buckets' ? { status: 201, body: { id: 'b1' } } : { status: 204 }
    })
    await store().write([point(2_000_007)])
    expect(asked.map(({ line }) => line)).toEqual([
      'GET /ping',
      'GET /api/v2/buckets?org=my%20org&name=infusion',
      'GET /api/v2/orgs?org=my%20org',
      'POST /api/v2/buckets',
      'POST /api/v2/write?org=my%20org&bucket=infusion&precision=ns',
    ])
    expect(JSON.parse(asked[3]?.body ?? '')).toEqual({
      name: 'infusion',
      orgID: '0a1b',
      retentionRules: [{ type: 'expire', everySeconds: 7_776_000 }],
    })
    expect(asked.every(({ authorization }) => authorization === 'Token secret')).toBe(true)
    expect(asked[4]?.body).toMatch(
      /^infusion,channel=1,hub=hub-1,pump=PUMP-X at_ms=1767600000123i,.*rate_ml_per_hour=2000007,.*seq=2000007i,state=5i 1767600000123000007$/,
    )
  })

  it('says what to create when it may not make its bucket', async () => {
    const { store } = await influx('v2.7.1', (method, path) => {
      if (path.startsWith('/api/v2/buckets?')) return { status: 200, body: { buckets: [] } }
      return method === 'POST' ? { status: 403, body: { code: 'forbidden' } } : { status: 200, body: { orgs: [] } }
    })
    await expect(store().check()).rejects.toMatchObject({
      code: 'SRV_STORE_UNAVAILABLE',
      message: expect.stringContaining(
        'Create a bucket infusion in the organization my org with a retention of 90 days.',
      ) as string,
    })
  })

  it('refuses the points named by a 422, and nothing by a 401', async () => {
    let status = 422
    const { store, logged } = await influx('v2.7.1', (_method, path) => {
      if (path.startsWith('/api/v2/buckets?')) return { status: 200, body: { buckets: [{ id: 'b1' }] } }
      return status === 422
        ? {
            status,
            body: {
              code: 'unprocessable entity',
              message:
                'failure writing points to database: partial write: field type conflict: input field "x" dropped=2',
            },
          }
        : { status, body: { code: 'unauthorized', message: 'unauthorized access' } }
    })
    const opened = store()
    expect(await opened.write([point(1), point(2)])).toEqual({
      refused: [
        { index: 0, reason: 'field type conflict' },
        { index: 1, reason: 'field type conflict' },
      ],
    })
    status = 401
    await expect(opened.write([point(1)])).rejects.toMatchObject({ code: 'SRV_STORE_UNAVAILABLE' })
    expect(logged).toContain('the InfluxDB client complains: Write to InfluxDB failed.')
  })
})

describe('minutes', () => {
  it('have a bucket of their own in InfluxDB 2, with a retention of its own (not run on a real one)', async () => {
    const lines = await rolledUp('v2.7.1', (method, path) => {
      if (path.startsWith('/api/v2/buckets?')) return { status: 200, body: { buckets: [] } }
      if (path.startsWith('/api/v2/orgs?')) return { status: 200, body: { orgs: [{ id: '0a1b', name: 'my org' }] } }
      return method === 'POST' && path === '/api/v2/buckets' ? { status: 201, body: { id: 'b1' } } : { status: 204 }
    })
    expect(lines.find(({ line }) => line.includes('/query?db=infusion&'))?.line).toMatch(sampleQuery)
    expect(
      lines.filter(({ line }) => line === 'POST /api/v2/buckets').map(({ body }): unknown => JSON.parse(body)),
    ).toEqual([
      { name: 'infusion', orgID: '0a1b', retentionRules: [{ type: 'expire', everySeconds: 7_776_000 }] },
      { name: 'infusion_1m', orgID: '0a1b', retentionRules: [{ type: 'expire', everySeconds: 94_608_000 }] },
    ])
    const written = lines.find(({ line }) => line === 'POST /api/v2/write?org=my org&bucket=infusion_1m&precision=ns')
    expect(written?.body).toMatch(minuteLine)
    expect(lines.at(-1)?.line).toMatch(minuteQuery)
  })

  it('have a database of their own in InfluxDB 3, made by the first write (not run on a real one)', async () => {
    const lines = await rolledUp('3.0.1', noContent)
    expect(lines.map(({ line }) => line.slice(0, 40)).filter((line) => !line.includes('ping'))).toEqual([
      expect.stringContaining('GET /query?db=infusion&'),
      expect.stringContaining('POST /api/v2/write?org=my org&bucket=inf'),
      expect.stringContaining('GET /query?db=infusion_1m&'),
    ])
    expect(lines.find(({ line }) => line.startsWith('POST'))?.body).toMatch(minuteLine)
  })
})

describe('InfluxDB 3', () => {
  it('is written to without making anything first', async () => {
    const { asked, store } = await influx('3.0.1', noContent)
    await store().write([point(1)])
    expect(asked.map(({ line }) => line)).toEqual([
      'GET /ping',
      'POST /api/v2/write?org=my%20org&bucket=infusion&precision=ns',
    ])
  })
})

describe('InfluxDB 1', () => {
  it('with authentication gets user and password', async () => {
    const { asked, store } = await influx('1.6.7~rc0', (_method, path) =>
      path.includes('SHOW%20DATABASES')
        ? { status: 200, body: { results: [{ series: [{ columns: ['name'], values: [['infusion']] }] }] } }
        : { status: 204 },
    )
    await store({ token: null, username: 'hub', password: 'p:w' }).write([point(1)])
    expect(asked.at(-1)?.line).toBe('POST /write?db=infusion&precision=ns')
    expect(asked.every(({ authorization }) => authorization === 'Basic aHViOnA6dw==')).toBe(true)
  })
})

describe('something else at INFLUX_URL', () => {
  it('is told apart', async () => {
    const { store } = await influx('', noContent)
    await expect(store().check()).rejects.toThrow('does not say which InfluxDB it is')
  })
})
