import { readAct, type Act } from './acts.ts'
import { readFault, type FaultSwitch } from './faults/catalog.ts'

// What can be asked of running pumps from outside: docs/simulators.md, "The control port".

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Request {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** An empty object: there is none. */
  readonly body: Readonly<Record<string, unknown>>
}

export type Answering = (request: Request) => Answer | Promise<Answer>

export interface Controlled {
  readonly list: () => readonly object[]
  /** Resolves when it is done; false: there is no such pump. */
  readonly act: (pumpId: string, act: Act) => Promise<boolean>
  /** The same for a fault. */
  readonly fault: (pumpId: string, change: FaultSwitch) => Promise<boolean>
  readonly clock: () => { readonly speed: number; readonly paused: boolean }
  /** Virtual seconds per second. */
  readonly setSpeed: (speed: number) => void
  readonly pause: () => void
  /** Pauses all pumps and moves each by so much virtual time, ms. */
  readonly step: (ms: number) => void
}

const known = 'GET /pumps, POST /pumps/{id}/act, POST /pumps/{id}/fault, POST /speed, POST /pause, POST /step'

export const pumpControl =
  (controlled: Controlled): Answering =>
  ({ method, path, body }) => {
    if (method === 'GET' && path === '/pumps') return ok({ ...controlled.clock(), pumps: controlled.list() })
    if (method !== 'POST' || !/^\/(speed|pause|step|pumps\/[A-Za-z0-9._-]{1,64}\/(act|fault))$/.test(path))
      return unknown(known)
    const [, first = '', pumpId = '', what] = path.split('/')
    if (what === 'act') return act(pumpId, body, controlled)
    return what === 'fault' ? fault(pumpId, body, controlled) : time(first, body, controlled)
  }

type Body = Request['body']

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const bad = (error: string): Answer => ({ status: 400, body: { error } })
export const unknown = (known: string): Answer => ({ status: 404, body: { error: `known: ${known}` } })
const noPump = (pumpId: string): Answer => ({ status: 404, body: { error: `there is no pump ${pumpId}` } })

const act = async (pumpId: string, body: Body, controlled: Controlled): Promise<Answer> => {
  if (!('act' in body)) return bad('send {"act": "…"}')
  const wanted = readAct(body['act'], body['amount'], body['code'])
  if (typeof wanted === 'string') return bad(wanted)
  return (await controlled.act(pumpId, wanted)) ? ok({ pumpId, ...wanted }) : noPump(pumpId)
}

const fault = async (pumpId: string, body: Body, controlled: Controlled): Promise<Answer> => {
  const { fault: name, on, amount, way } = body
  const change = readFault({ fault: name, on, amount, way })
  if (typeof change === 'string') return bad(change)
  return (await controlled.fault(pumpId, change)) ? ok({ pumpId, ...change }) : noPump(pumpId)
}

const longestStepMs = 3_600_000

const within = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high

const time = (what: string, { speed, ms }: Body, controlled: Controlled): Answer => {
  if (what === 'speed') {
    if (!within(speed, 0.1, 1000)) return bad('speed must be a number from 0.1 to 1000')
    controlled.setSpeed(speed)
  } else if (what === 'step') {
    if (!within(ms, 1, longestStepMs)) return bad(`ms must be a number from 1 to ${longestStepMs}`)
    controlled.step(ms)
  } else controlled.pause()
  return ok(controlled.clock())
}
