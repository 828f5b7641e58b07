import type { z } from 'zod'
import {
  StoryBody,
  type StoryList,
  type SimulatedPumpReport,
  type SimulatorClock,
  type WireLine,
} from '#domain/simulators/control.ts'
import type { Cancel } from '#domain/time.ts'
import { readAct, type Act } from './acts.ts'
import { readFault, type FaultSwitch } from './faults/catalog.ts'
import type { Scenario } from './scenario.ts'

// What can be asked of running pumps from outside: docs/simulators.md, "The control port".

/** `lines`: an answer that goes on; called once with where its lines go, returns how to end it. */
export type Answer =
  | { readonly status: number; readonly body: unknown }
  | { readonly status: number; readonly text: string; readonly type: string }
  | { readonly status: number; readonly lines: (push: (line: object) => void) => Cancel }

export interface Request {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** An empty object: there is none. */
  readonly body: Readonly<Record<string, unknown>>
}

export type Answering = (request: Request) => Answer | Promise<Answer>

/** Virtual time of one pump, or of all. */
export interface Pace {
  readonly time: () => SimulatorClock
  /** Virtual seconds per second. */
  readonly setSpeed: (speed: number) => void
  readonly pause: () => void
  readonly goOn: () => void
  /** Pauses, and moves by so much virtual time, ms. */
  readonly step: (ms: number) => void
}

export interface ControlledPump extends Pace {
  readonly report: () => SimulatedPumpReport
  /** The same with what can be done to it. */
  readonly detail: () => object
  /** Resolves when it is done. */
  readonly act: (act: Act) => Promise<void>
  /** null, or a sentence that says why it cannot be done here. */
  readonly fault: (change: FaultSwitch) => Promise<string | null>
  /** What the key did, or a sentence that says what is wrong. */
  readonly press: (key: unknown) => Promise<readonly Act[] | string>
  /** null, or a sentence that says why this story cannot be told here. */
  readonly tell: (scenario: Scenario, seed: number | null) => Promise<string | null>
  /** What was done to it so far, as a scenario file. */
  readonly scenario: () => string
  /** null: too many look already. */
  readonly watch: (push: (line: z.infer<typeof WireLine>) => void) => Cancel | null
}

export interface Controlled extends Pace {
  /** Of the library. */
  readonly scenarios: () => StoryList['scenarios']
  readonly scenario: (name: string) => Scenario | null
  readonly pumps: () => readonly ControlledPump[]
  readonly pump: (id: string) => ControlledPump | null
}

const known =
  'GET /pumps, GET /pumps/{id}, GET /pumps/{id}/wire, GET /pumps/{id}/scenario, ' +
  'GET /scenarios, POST /pumps/{id}/act, /fault, /key, /scenario, and POST /speed, /pause, /start, /step, for one pump /pumps/{id}/speed, …'

export const pumpControl =
  (controlled: Controlled): Answering =>
  async ({ method, path, body }) => {
    const [first, id, what, ...rest] = path.slice(1).split('/')
    if (rest.length > 0 || first === undefined) return unknown(known)
    if (first === 'scenarios' && method === 'GET' && id === undefined) return ok({ scenarios: controlled.scenarios() })
    if (first !== 'pumps') return method === 'POST' && id === undefined ? pace(first, body, controlled) : unknown(known)
    if (id === undefined)
      return method === 'GET'
        ? ok({ ...controlled.time(), pumps: controlled.pumps().map((pump) => pump.report()) })
        : unknown(known)
    const pump = controlled.pump(id)
    if (pump === null) return { status: 404, body: { error: `there is no pump ${id.slice(0, 64)}` } }
    if (method === 'GET') return tell(what, pump)
    return method === 'POST' && what !== undefined ? change(what, body, id, { pump, controlled }) : unknown(known)
  }

type Body = Request['body']

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const bad = (error: string): Answer => ({ status: 400, body: { error } })
export const unknown = (known: string): Answer => ({ status: 404, body: { error: `known: ${known}` } })

const nowhere = (_line: object): void => {}

const tell = (what: string | undefined, pump: ControlledPump): Answer => {
  if (what === undefined) return ok(pump.detail())
  if (what === 'scenario') return { status: 200, text: pump.scenario(), type: 'application/yaml' }
  if (what !== 'wire') return unknown(known)
  const { id, protocol } = pump.report()
  // Joined before the answer begins, so that a refusal can still be one.
  let push = nowhere
  const leave = pump.watch((line) => push(line))
  if (leave === null) return { status: 429, body: { error: 'too many look at this wire already' } }
  const lines = (to: (line: object) => void): Cancel => {
    to({ pumpId: id, protocol })
    push = to
    return leave
  }
  return { status: 200, lines }
}

interface Changed {
  readonly pump: ControlledPump
  readonly controlled: Controlled
}

const tellStory = async (body: Body, id: string, { pump, controlled }: Changed): Promise<Answer> => {
  const wanted = StoryBody.safeParse(body)
  if (!wanted.success) return bad('send {"scenario": "…"}, with a whole number as seed if you like')
  const { scenario, seed } = wanted.data
  const story = controlled.scenario(scenario)
  if (story === null) return bad(`there is no scenario ${scenario}; GET /scenarios lists them`)
  const why = await pump.tell(story, seed ?? null)
  return why === null ? ok({ pumpId: id, ...wanted.data }) : { status: 409, body: { error: why } }
}

const change = async (what: string, body: Body, id: string, changed: Changed): Promise<Answer> => {
  const { pump } = changed
  switch (what) {
    case 'act': {
      if (!('act' in body)) return bad('send {"act": "…"}')
      const wanted = readAct(body['act'], body['amount'], body['code'])
      if (typeof wanted === 'string') return bad(wanted)
      await pump.act(wanted)
      return ok({ pumpId: id, ...wanted })
    }
    case 'fault': {
      const { fault: name, on, amount, way } = body
      const wanted = readFault({ fault: name, on, amount, way })
      if (typeof wanted === 'string') return bad(wanted)
      const why = await pump.fault(wanted)
      if (why !== null) return { status: 409, body: { error: why } }
      return ok({ pumpId: id, ...wanted })
    }
    case 'scenario':
      return tellStory(body, id, changed)
    case 'key': {
      const acts = await pump.press(body['key'])
      return typeof acts === 'string' ? bad(acts) : ok({ pumpId: id, key: body['key'], acts })
    }
    default:
      return pace(what, body, pump)
  }
}

const longestStepMs = 3_600_000

const within = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high

const pace = (what: string, { speed, ms }: Body, of: Pace): Answer => {
  switch (what) {
    case 'speed':
      if (!within(speed, 0.1, 1000)) return bad('speed must be a number from 0.1 to 1000')
      of.setSpeed(speed)
      break
    case 'step':
      if (!within(ms, 1, longestStepMs)) return bad(`ms must be a number from 1 to ${longestStepMs}`)
      of.step(ms)
      break
    case 'pause':
      of.pause()
      break
    case 'start':
      of.goOn()
      break
    default:
      return unknown(known)
  }
  return ok(of.time())
}
