import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LiveWorker } from '#dashboard/adapters/link/live-worker.ts'
import type { StartedWorker, StartWorker } from '#dashboard/adapters/link/live-worker.ts'
import type { FromWorker, ToWorker } from '#dashboard/core/worker-protocol.ts'

interface ScriptedWorker extends StartedWorker {
  readonly heard: readonly ToWorker[]
  readonly ended: () => boolean
  readonly says: (message: FromWorker) => void
  readonly fails: () => void
}

const scripted: (...told: Parameters<StartWorker>) => ScriptedWorker = (says, fails) => {
  const heard: ToWorker[] = []
  let isEnded = false
  return {
    heard,
    ended: () => isEnded,
    says,
    fails,
    post: (message) => void heard.push(message),
    end: () => void (isEnded = true),
  }
}

const connect: ToWorker = { kind: 'connect' }
const word: FromWorker = { kind: 'session-ended' }

let started: ScriptedWorker[] = []
let taken: FromWorker[] = []
const open = (): LiveWorker =>
  new LiveWorker(
    (says, fails) => {
      const worker = scripted(says, fails)
      started.push(worker)
      return worker
    },
    (message) => void taken.push(message),
  )
const lives = () => started.map(({ heard, ended }) => [heard, ended()])

beforeEach(() => {
  started = []
  taken = []
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

it('starts a worker again whose script did not come, and tells it what was said before', () => {
  open().post(connect)
  started[0]?.fails()
  vi.advanceTimersByTime(3_000)
  started[1]?.fails()
  vi.advanceTimersByTime(3_000)
  expect(lives()).toEqual([
    [[connect], true],
    [[connect], true],
    [[connect], false],
  ])
  started[2]?.says(word)
  expect(taken).toEqual([word])
  vi.advanceTimersByTime(600_000)
  expect(started).toHaveLength(3)
})

it('starts a worker again that never says a word, as when its script hangs on the line', () => {
  open().post(connect)
  vi.advanceTimersByTime(29_999)
  expect(lives()).toEqual([[[connect], false]])
  vi.advanceTimersByTime(1)
  expect(lives()).toEqual([
    [[connect], true],
    [[connect], false],
  ])
})

it('keeps a worker that runs, whatever goes wrong in it, and tells it everything once', () => {
  const link = open()
  link.post(connect)
  started[0]?.says(word)
  started[0]?.fails()
  link.post({ kind: 'disconnect' })
  vi.advanceTimersByTime(600_000)
  expect(lives()).toEqual([[[connect, { kind: 'disconnect' }], false]])
})
