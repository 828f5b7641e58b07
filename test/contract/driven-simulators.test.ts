import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SimulatedPumpDetail, SimulatorList, WireLine } from '#domain/simulators/control.ts'
import { parseScenario } from '#simulators/scenario-file.ts'
import { eventually } from '#test/support/eventually.ts'
import type { Nurse } from '#test/support/nurse.ts'
import { System } from '#test/support/system.ts'

// Server, hub and simulators as three processes: what an engineer does through the server happens at the pump.

let system: System
let engineer: Nurse

beforeAll(async () => {
  system = await System.start({
    pumps: [
      { id: 'SIM-0001', protocol: 'ip1', wire: 'tcp', settings: 'rateMlPerHour=120' },
      { id: 'SIM-0005', protocol: 'mqtt-json', wire: 'mqtt' },
    ],
    driven: true,
  })
  engineer = await system.signIn('engineer')
}, 60_000)
afterAll(async () => await system[Symbol.asyncDispose]())

const list = async (): Promise<SimulatorList> =>
  SimulatorList.parse(await (await engineer.request('GET', '/simulators/pumps')).json())
const post = async (path: string, body: object = {}): Promise<number> =>
  (await engineer.request('POST', `/simulators/${path}`, body)).status

describe('simulated pumps driven through the server', () => {
  it('do what they are told, and the wall sees it', async () => {
    expect((await list()).pumps.map(({ id }) => id)).toEqual(['SIM-0001', 'SIM-0005'])
    expect(await post('pumps/SIM-0001/act', { act: 'cassette-off' })).toBe(200)
    await eventually(
      async () =>
        (await engineer.openAlarms()).some(({ code, pumpId }) => code === 'cassette-detached' && pumpId === 'SIM-0001'),
      { within: 20_000, every: 100, what: 'the alarm on the wall' },
    )
    expect(await post('pumps/SIM-0001/act', { act: 'cassette-on' })).toBe(200)
    expect(await post('pumps/SIM-0001/key', { key: 'start' })).toBe(200)
    expect(await post('pumps/SIM-0001/key', { key: 'eject' })).toBe(400)
    expect(await post('pumps/SIM-0009/pause')).toBe(404)
  })

  it('say what they can do and what was done to them', async () => {
    const detail = SimulatedPumpDetail.parse(await (await engineer.request('GET', '/simulators/pumps/SIM-0005')).json())
    expect(detail.possibleFaults.map(({ fault }) => fault)).toContain('duplicate-publish')
    expect(await post('pumps/SIM-0005/fault', { fault: 'duplicate-publish', amount: 0.5 })).toBe(200)
    const answer = await engineer.request('GET', '/simulators/pumps/SIM-0005/scenario')
    expect(parseScenario(await answer.text(), 'lived.yaml').faults).toMatchObject([
      { change: { fault: 'duplicate-publish', amount: 0.5 } },
    ])
  })

  it('show their wire live until the reader or the session is gone', async () => {
    const other = await system.signIn('engineer')
    const answer = await other.request('GET', '/simulators/pumps/SIM-0001/wire')
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
    const lines: WireLine[] = []
    let isOver = false
    const read = async (): Promise<void> => {
      let rest = ''
      for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const parts = (rest + text).split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts.map((line) => WireLine.parse(JSON.parse(line))))
      }
    }
    void read()
      .catch(() => {})
      .finally(() => (isOver = true))
    await eventually(
      () => lines.some((line) => 'frames' in line && line.frames.some((frame) => frame.ok && frame.type === 'ST')),
      { within: 10_000, what: 'a status frame' },
    )
    expect(isOver).toBe(false)
    await other.request('DELETE', '/session')
    await eventually(() => isOver, { what: 'the wire to end with its session' })
  })

  it('are out of reach for nurses, and away when their process is', async () => {
    const nurse = await system.signIn('nurse')
    expect((await nurse.request('GET', '/simulators/pumps')).status).toBe(403)
    expect(system.server.output).toContain('simulated pump driven')
    await system.simulators.kill('SIGKILL')
    const answer = await engineer.request('GET', '/simulators/pumps')
    expect(await answer.json()).toMatchObject({ status: 503, code: 'unavailable' })
  })
})
