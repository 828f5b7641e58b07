import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { alarmProblems, sampleProblems } from '#test/support/oracle.ts'
import { System } from '#test/support/system.ts'
import { readTruth } from '#test/support/truth.ts'
import type { HubStatus } from '#gateway/core/health.ts'
import type { Nurse } from '#test/support/nurse.ts'

// Nonsense from every side at one running system. Each kind leaves a counter or one clear line; nobody ends, and what good pumps tell
// meanwhile arrives whole: the simulators' own log is the judge.

const noisy = ['ip1', 'alaris-acp'] as const

/** Bytes without a meaning, with frame starts, frame ends and long lines among them. */
const garbage = (seed: number, length: number): Uint8Array<ArrayBuffer> => {
  const random = seededRandom(seed)
  const special = [...Buffer.from('$!*|\r\n')]
  return Uint8Array.from(
    Array.from({ length }, () => (random.whole(0, 9) === 0 ? special[random.whole(0, 5)]! : random.whole(0, 255))),
  )
}

const nearlyJson = [
  '',
  'null',
  '[]',
  '{',
  '{"operatingState":"infusing"',
  '\u0000\u0001',
  '{"__proto__":{"operatingState":"infusing"}}',
  '{"operatingState":"infusing","activeAlarms":["nonsense"]}',
  '{"operatingState":"infusing","activeAlarms":{"length":1e9}}',
  '{"operatingState":7,"activeAlarms":[]}',
  `${'['.repeat(8_000)}${']'.repeat(8_000)}`,
  'x'.repeat(17 * 1024),
] as const

describe('bad input', () => {
  let system: System
  let nurse: Nurse
  let from: number
  let folder: string
  const lines = new Map<string, PtyPort>()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'noise-'))
    for (const protocol of noisy) lines.set(protocol, await PtyPort.open(join(folder, protocol)))
    system = await System.start({
      ports: [...lines].map(([protocol, { address }]) => ({
        name: `noise-${protocol}`,
        protocol,
        url: `serial:${address}`,
      })),
    })
    nurse = await system.signIn('nurse')
    from = Date.now()
    await system.act('SIM-0001', 'cassette-off')
  })

  afterAll(async () => {
    await system?.[Symbol.asyncDispose]()
    for (const line of lines.values()) await line[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const status = async (): Promise<HubStatus> => {
    const reply = await fetch(`${system.gatewayStatusUrl}/status`)
    return (await reply.json()) as HubStatus
  }
  const counters = async (port: string): Promise<Readonly<Record<string, number>>> =>
    (await status()).ports.find(({ name }) => name === port)?.counters ?? {}

  it.each(noisy)('on a serial line (%s) is counted byte by byte and names no pump', async (protocol) => {
    const noise = garbage(protocol.length, 64 * 1024)
    const line = lines.get(protocol)
    for (let at = 0; at < noise.length; at += 1_024) {
      const before = (await counters(`noise-${protocol}`))['bytes'] ?? 0
      line?.write(noise.subarray(at, at + 1_024))
      await eventually(async () => ((await counters(`noise-${protocol}`))['bytes'] ?? 0) > before)
    }
    await eventuallyPasses(async () => {
      const seen = await counters(`noise-${protocol}`)
      expect(seen['bytes']).toBe(noise.length - (line?.droppedBytes ?? 0))
      expect(seen['junk']).toBeGreaterThan(0)
      expect(seen['ok'] ?? 0).toBe(0)
    })
    expect((await status()).pumps.map(({ port }) => port)).not.toContain(`noise-${protocol}`)
  })

  it('over MQTT is acknowledged, counted, and cannot speak for another pump', async () => {
    const mqtt = await connectAsync(`mqtt://127.0.0.1:${system.mqttPort}`, {
      clientId: 'STRANGER-1',
      username: 'STRANGER-1',
      reconnectPeriod: 0,
    })
    mqtt.on('error', () => {})
    const before = await counters('mqtt')
    for (const payload of nearlyJson)
      for (const kind of ['telemetry', 'alarm', 'event', 'status'])
        await mqtt.publishAsync(`pumps/STRANGER-1/${kind}`, payload, { qos: 1 })
    const after = await counters('mqtt')
    const refused = ['form', 'bad', 'over'].map((name) => (after[name] ?? 0) - (before[name] ?? 0))
    expect(refused.reduce((sum, n) => sum + n, 0)).toBe(nearlyJson.length * 4)
    expect(refused.every((n) => n > 0)).toBe(true)

    const thrownOut = new Promise<void>((resolve) => mqtt.once('close', () => resolve()))
    mqtt.publish('pumps/SIM-0005/telemetry', '{"operatingState":"infusing","activeAlarms":["free-flow"]}', { qos: 1 })
    await thrownOut
    expect((await counters('mqtt'))['foreignTopic']).toBe(1)

    // CONNECT that announces 200 MB
    const socket = connect(system.mqttPort, '127.0.0.1')
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f]))
    await closed
  })

  const post = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<number> => {
    const reply = await fetch(`${system.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: system.url, ...headers },
      body,
    })
    const text = await reply.text()
    expect(text, path).not.toMatch(/\bat .*\.ts:|node_modules|SQLITE/)
    return reply.status
  }

  it.each(['enrol-nonce', 'enrol', 'heartbeat', 'alarm', 'telemetry'])(
    'over HTTP to /hub/v1/%s is refused, whether malformed, unsigned or too large',
    async (route) => {
      const path = `/hub/v1/${route}`
      for (const body of [
        '',
        '{',
        '[]',
        '{"__proto__":1}',
        '\u0000',
        `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
        garbage(3, 2_000),
      ])
        expect(await post(path, body), String(body).slice(0, 20)).toSatisfy((code: number) => code >= 400 && code < 500)
      const signed = { 'signature-input': 'sig1=("@method");keyid="nobody"', signature: 'sig1=:AAAA:' }
      expect(await post(path, '{"v":1,"records":[]}', signed)).toSatisfy((code: number) => code >= 400 && code < 500)
      expect(await post(path, 'x'.repeat(2 * 1024 * 1024)).catch(() => 413)).toSatisfy(
        (code: number) => code >= 400 && code < 500,
      )
      expect(await post(path, '<a/>', { 'content-type': 'text/xml' })).toSatisfy(
        (code: number) => code >= 400 && code < 500,
      )
    },
  )

  it('over HTTP to /api/v1 is refused, with and without a session, and changes nothing', async () => {
    const [alarm] = await nurse.openAlarms()
    for (const path of [
      '/me',
      '/pumps',
      '/alarms',
      '/hubs',
      `/alarms/${alarm?.episodeId}`,
      '/pumps/SIM-0001/history?from=0&to=1',
    ])
      expect((await fetch(`${system.url}/api/v1${path}`)).status, path).toBe(401)
    expect(await post('/api/v1/session', '{"name":"a'), 'half a sign-in').toBe(400)
    expect(await post(`/api/v1/alarms/${alarm?.episodeId}/accept`, '{}')).toBe(401)
    for (const [method, path, body] of [
      ['GET', '/alarms?state=everything', undefined],
      ['GET', '/alarms?limit=1e9', undefined],
      ['GET', '/pumps/SIM-0001/history?from=-1&to=zz', undefined],
      ['GET', '/pumps/%00/history?from=0&to=1', undefined],
      ['GET', `/pumps/${'x'.repeat(5_000)}/history?from=0&to=1`, undefined],
      ['GET', "/alarms/'; DROP TABLE alarm_event; --", undefined],
      ['GET', '/alarms/%E0%A4%A', undefined],
      ['POST', `/alarms/${alarm?.episodeId}/accept`, { requestId: 'short', expectedVersion: -1 }],
      ['POST', `/alarms/${alarm?.episodeId}/resolve`, { requestId: 'request-1', expectedVersion: 0, class: 'maybe' }],
      ['POST', '/alarms/nobody/accept', { requestId: 'request-1', expectedVersion: 0 }],
    ] as const) {
      const reply = await nurse.request(method, path, body)
      expect(reply.status, `${method} ${path.slice(0, 60)}`).toSatisfy((code: number) => code >= 400 && code < 500)
      expect(await reply.text()).not.toMatch(/\bat .*\.ts:|node_modules|SQLITE/)
    }
    expect((await nurse.alarm(alarm?.episodeId ?? '')).alarm.response).toBe('new')
  })

  it('ends no process, and what the good pumps told meanwhile is stored once and shown as it is', async () => {
    await system.act('SIM-0006', 'cassette-off')
    await eventuallyPasses(
      async () => {
        const truth = readTruth(system.truthFile)
        const all = [...(await nurse.openAlarms()), ...(await nurse.closedAlarms())]
        // A pump that connects and never says anything sensible is lost, by its own name; nobody else is.
        expect(alarmProblems(truth, all, ['STRANGER-1 link-lost-pump'])).toEqual([])
        for (const pumpId of ['SIM-0001', 'SIM-0002', 'SIM-0004', 'SIM-0005', 'SIM-0006']) {
          const history = await nurse.history(pumpId, from - 60_000, Date.now() + 5_000)
          expect(sampleProblems(truth, history, readTruth(system.truthFile))).toEqual([])
        }
      },
      { within: 20_000, every: 500 },
    )
    for (const program of [system.server, system.gateway, system.simulators]) expect(program.running).toBe(true)
    expect((await status()).outbox).toMatchObject({ quarantined: 0, tombstoned: 0 })
    expect(system.server.output).not.toMatch(/"level":"(error|fatal)"/)
    expect(system.gateway.output).not.toMatch(/"level":"(error|fatal)"|"level":[56]0/)
  })
})
