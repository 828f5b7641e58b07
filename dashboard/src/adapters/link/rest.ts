import { AlarmList, ColleagueList, History, Me, ShiftCheckState } from '#domain/live/api.ts'
import { Completeness, PumpAbout } from '#domain/live/pump-about.ts'
import { Roster } from '#domain/live/roster.ts'
import { PhoneAnswer } from '#domain/assignment/api.ts'
import { PushDeviceView, PushSetup, TestPageResult } from '#domain/live/push-api.ts'
import { ReadinessState } from '#domain/on-call/readiness.ts'
import { OnCallNow } from '#domain/on-call/api.ts'
import { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import { isAlarmRequest } from '#dashboard/core/alarm-requests.ts'
import type { AlarmRequest } from '#dashboard/core/alarm-requests.ts'
import { isFactorRequest } from '#dashboard/core/factor-requests.ts'
import type { FactorRequest } from '#dashboard/core/factor-requests.ts'
import { isOfficeRequest } from '#dashboard/core/office-requests.ts'
import type { OfficeRequest } from '#dashboard/core/office-requests.ts'
import { isPeopleRequest } from '#dashboard/core/people-requests.ts'
import type { PeopleRequest } from '#dashboard/core/people-requests.ts'
import { isRegistryRequest } from '#dashboard/core/registry-requests.ts'
import type { RegistryRequest } from '#dashboard/core/registry-requests.ts'
import type { ApiAnswer, ApiFailure, ApiRequest } from '#dashboard/core/worker-protocol.ts'
import { decoded } from './call.ts'
import type { Call } from './call.ts'

const timeoutMs = 10_000

const me = decoded(Me, (told) => told)
const half = decoded(HalfSignedIn, (told) => told)

const callOf = (
  request: Exclude<ApiRequest, OfficeRequest | AlarmRequest | FactorRequest | PeopleRequest | RegistryRequest>,
): Call => {
  switch (request.what) {
    case 'me':
      return { path: '/api/v1/me', method: 'GET', decode: me }
    case 'sign-in':
      return {
        path: '/api/v1/session',
        method: 'POST',
        body: { name: request.name, password: request.password },
        decode: (json) => (HalfSignedIn.safeParse(json).success ? half(json) : me(json)),
      }
    case 'sign-out':
      return { path: '/api/v1/session', method: 'DELETE', decode: () => ({ ok: true, body: null }) }
    case 'history': {
      const query = new URLSearchParams({
        from: String(Math.round(request.from)),
        to: String(Math.round(request.to)),
        maxPoints: String(request.maxPoints),
        ...(request.channel === null ? {} : { channel: request.channel }),
      })
      return {
        path: `${pumpPath(request.pumpId)}/history?${query}`,
        method: 'GET',
        decode: decoded(History, (history) => history),
      }
    }
    case 'colleagues':
      return {
        path: '/api/v1/colleagues',
        method: 'GET',
        decode: decoded(ColleagueList, (list) => list.colleagues),
      }
    case 'on-call':
      return { path: '/api/v1/on-call', method: 'GET', decode: decoded(OnCallNow, (now) => now) }
    case 'closed-alarms': {
      const query = new URLSearchParams({
        state: 'closed',
        limit: String(request.limit),
        ...(request.pumpId === null ? {} : { pumpId: request.pumpId }),
      })
      return { path: `/api/v1/alarms?${query}`, method: 'GET', decode: decoded(AlarmList, (list) => list.alarms) }
    }
    case 'pump-about':
      return { path: `${pumpPath(request.pumpId)}/about`, method: 'GET', decode: decoded(PumpAbout, (about) => about) }
    case 'completeness':
      return {
        path: `${pumpPath(request.pumpId)}/completeness`,
        method: 'GET',
        decode: decoded(Completeness, (completeness) => completeness),
      }
    case 'phone':
      return {
        path: `/api/v1/assignments/${encodeURIComponent(request.pumpId)}/phone`,
        method: 'GET',
        decode: decoded(PhoneAnswer, ({ phone }) => phone),
      }
    case 'roster':
      return {
        path: '/api/v1/roster',
        method: 'POST',
        body: request.query,
        decode: decoded(Roster, (roster) => roster),
      }
    case 'push':
      return { path: '/api/v1/push', method: 'GET', decode: decoded(PushSetup, (setup) => setup) }
    case 'push-on':
      return {
        path: '/api/v1/push/devices',
        method: 'PUT',
        body: request.device,
        decode: decoded(PushDeviceView, (device) => device),
      }
    case 'push-off':
      return { path: devicePath(request.deviceId), method: 'DELETE', decode: () => ({ ok: true, body: null }) }
    case 'readiness':
      return { path: '/api/v1/readiness', method: 'GET', decode: decoded(ReadinessState, (state) => state) }
    case 'ready':
      return {
        path: '/api/v1/readiness',
        method: 'PUT',
        body: request.readiness,
        decode: decoded(ReadinessState, (state) => state),
      }
    case 'shift-check':
      return { path: '/api/v1/shift-check', method: 'GET', decode: decoded(ShiftCheckState, (state) => state) }
    case 'shift-checked':
      return {
        path: '/api/v1/shift-check',
        method: 'POST',
        body: { heard: request.heard },
        decode: decoded(ShiftCheckState, (state) => state),
      }
    case 'push-test':
      return {
        path: `${devicePath(request.deviceId)}/test`,
        method: 'POST',
        decode: decoded(TestPageResult, (result) => result),
      }
  }
}

const pumpPath = (pumpId: string): string => `/api/v1/pumps/${encodeURIComponent(pumpId)}`

const devicePath = (deviceId: string): string => `/api/v1/push/devices/${encodeURIComponent(deviceId)}`

const failureOf = (status: number, signingIn: boolean): ApiFailure => {
  if (status === 401) return signingIn ? 'wrong-credentials' : 'signed-out'
  // Same words for an unknown name, a wrong secret and a name that cannot exist.
  if (status === 400 && signingIn) return 'wrong-credentials'
  if (status === 426) return 'needs-https'
  if (status === 429) return 'too-many-attempts'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not-found'
  if (status === 400) return 'invalid'
  return 'server-error'
}

/** A word of the server's refusal (RFC 9457): its code, or why in its own words. */
const saidIn = (text: string, field: 'code' | 'detail'): string | undefined => {
  try {
    const problem: unknown = JSON.parse(text)
    const said: unknown = typeof problem === 'object' && problem !== null ? Reflect.get(problem, field) : undefined
    return typeof said === 'string' ? said : undefined
  } catch {
    return undefined
  }
}

const refusal = (status: number, text: string, signingIn: boolean): ApiAnswer => {
  const code = saidIn(text, 'code')
  const detail = saidIn(text, 'detail')
  const why = detail === undefined ? {} : { detail }
  if (code === 'step_up_needed') return { ok: false, failure: 'step-up-needed', ...why }
  if (code === 'password_refused' || code === 'last_factor') return { ok: false, failure: 'invalid', ...why }
  if (code === 'wrong_proof') return { ok: false, failure: 'wrong-credentials', ...why }
  return { ok: false, failure: failureOf(status, signingIn), ...why }
}

/** Code of a kind of requests is fetched with the first of them. */
const callFor = async (request: ApiRequest): Promise<Call> => {
  if (isOfficeRequest(request)) return (await import('./office-calls.ts')).officeCall(request)
  if (isFactorRequest(request)) return (await import('./factor-calls.ts')).factorCall(request)
  if (isPeopleRequest(request)) return (await import('./people-calls.ts')).peopleCall(request)
  if (isRegistryRequest(request)) return (await import('./registry-calls.ts')).registryCall(request)
  return isAlarmRequest(request) ? (await import('./alarm-calls.ts')).alarmCall(request) : callOf(request)
}

/** One request to the server this page came from. Never rejects. `quietMs`: since somebody touched the page. */
export const askServer = async (request: ApiRequest, quietMs: number): Promise<ApiAnswer> => {
  const call = await callFor(request).catch(() => null)
  if (call === null) return { ok: false, failure: 'part-missing' }
  let response: Response
  let json: unknown = null
  let text: string
  try {
    response = await fetch(call.path, {
      method: call.method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'x-quiet-ms': String(Math.round(quietMs)),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    })
    text = await response.text()
    if (response.ok && text !== '') json = JSON.parse(text)
  } catch (error) {
    return { ok: false, failure: error instanceof SyntaxError ? 'unreadable' : 'unreachable' }
  }
  return response.ok ? call.decode(json) : refusal(response.status, text, request.what === 'sign-in')
}
