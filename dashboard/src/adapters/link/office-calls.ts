import { TeamAssigned } from '#domain/assignment/api.ts'
import { AuditPage } from '#domain/audit/api.ts'
import { HandOverOutcome, HandOverSheet } from '#domain/hand-over/sheet.ts'
import { PumpAdherence, TeamAdherence } from '#domain/live/adherence.ts'
import { Analytics } from '#domain/live/analytics.ts'
import { AlarmDetail, AlarmList } from '#domain/live/api.ts'
import { HubDays } from '#domain/live/hub-days.ts'
import { HubLog, HubRecords } from '#domain/live/hub-log.ts'
import { HubLedger } from '#domain/live/ledger.ts'
import { Replay } from '#domain/live/replay.ts'
import { Supply } from '#domain/live/supply.ts'
import {
  FleetState,
  SimulatedPumpDetail,
  SimulatorClock,
  SimulatorList,
  StoryList,
} from '#domain/simulators/control.ts'
import type { OfficeRequest } from '#dashboard/core/office-requests.ts'
import { decoded, done } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1'
const simulators = `${api}/simulators`

const hubPath = (hubId: string, part: string): string => `${api}/hubs/${encodeURIComponent(hubId)}/${part}`

const handOver = (act: string, body: object): Call => ({
  path: `${api}/hand-over/${act}`,
  method: 'POST',
  body,
  decode: decoded(HandOverOutcome, (outcome) => outcome),
})

const query = (fields: Readonly<Record<string, string | number | boolean | null | undefined>>): string => {
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return said.length === 0 ? '' : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`
}

export const officeCall = (request: OfficeRequest): Call => {
  switch (request.what) {
    case 'hand-over':
      return {
        path: `${api}/hand-over${query({ teamId: request.teamId })}`,
        method: 'GET',
        decode: decoded(HandOverSheet, (sheet) => sheet),
      }
    case 'hand-over-offer':
      return handOver('offer', { requestId: request.requestId, to: request.to })
    case 'hand-over-take':
      return handOver('take', { requestId: request.requestId })
    case 'hand-over-withdraw':
      return handOver('withdraw', { requestId: request.requestId })
    case 'hand-over-decline':
      return handOver('decline', { requestId: request.requestId, reason: request.reason })
    case 'watch':
      return {
        path: `${api}/watched/${encodeURIComponent(request.pumpId)}`,
        method: 'PUT',
        body: { note: request.note },
        decode: done,
      }
    case 'episodes': {
      const { from, to, simulated, filter, before, limit } = request
      return {
        path: `${api}/alarms${query({ ...filter, state: 'any', toldFrom: from, toldTo: to, simulated, before, limit })}`,
        method: 'GET',
        decode: decoded(AlarmList, (list) => list),
      }
    }
    case 'episode':
      return {
        path: `${api}/alarms/${encodeURIComponent(request.episodeId)}`,
        method: 'GET',
        decode: decoded(AlarmDetail, (detail) => detail),
      }
    case 'analytics': {
      const { what: _, ...question } = request
      return {
        path: `${api}/analytics${query(question)}`,
        method: 'GET',
        decode: decoded(Analytics, (analytics) => analytics),
      }
    }
    case 'replay':
      return {
        path: `${api}/replay${query({ at: request.at })}`,
        method: 'GET',
        decode: decoded(Replay, (replay) => replay),
      }
    case 'audit': {
      const { filter, before, limit } = request
      return {
        path: `${api}/audit${query({ ...filter, before, limit })}`,
        method: 'GET',
        decode: decoded(AuditPage, (page) => page),
      }
    }
    case 'supply': {
      const { teamId, limit } = request
      return {
        path: `${api}/supply${query({ teamId, limit })}`,
        method: 'GET',
        decode: decoded(Supply, (told) => told),
      }
    }
    case 'adherence': {
      const { what: _, ...question } = request
      return {
        path: `${api}/adherence${query(question)}`,
        method: 'GET',
        decode: decoded(TeamAdherence, (told) => told),
      }
    }
    case 'pump-adherence': {
      const { pumpId, weeksAgo } = request
      return {
        path: `${api}/pumps/${encodeURIComponent(pumpId)}/adherence${query({ weeksAgo })}`,
        method: 'GET',
        decode: decoded(PumpAdherence, (told) => told),
      }
    }
    case 'hub-days':
      return { path: `${api}/hubs/days`, method: 'GET', decode: decoded(HubDays, (days) => days) }
    case 'assign-team':
      return {
        path: `${api}/assignments/team`,
        method: 'POST',
        body: request.body,
        decode: decoded(TeamAssigned, (assigned) => assigned),
      }
    case 'hub-log':
      return { path: hubPath(request.hubId, 'log'), method: 'GET', decode: decoded(HubLog, (log) => log) }
    case 'hub-records':
      return { path: hubPath(request.hubId, 'records'), method: 'GET', decode: decoded(HubRecords, (all) => all) }
    case 'hub-ledger':
      return {
        path: `${hubPath(request.hubId, 'ledger')}${query({ hours: request.hours })}`,
        method: 'GET',
        decode: decoded(HubLedger, (ledger) => ledger),
      }
    case 'hub-act': {
      const { hubId, body } = request
      return { path: hubPath(hubId, 'log'), method: 'POST', body, decode: decoded(HubLog, (log) => log) }
    }
    case 'simulators':
      return { path: `${simulators}/pumps`, method: 'GET', decode: decoded(SimulatorList, (list) => list) }
    case 'simulator-stories':
      return { path: `${simulators}/scenarios`, method: 'GET', decode: decoded(StoryList, (list) => list) }
    case 'simulator-fleet':
      return { path: `${simulators}/fleet`, method: 'GET', decode: decoded(FleetState, (state) => state) }
    case 'simulator-fleet-set':
      return {
        path: request.fleet === null ? `${simulators}/fleet/stop` : `${simulators}/fleet`,
        method: 'POST',
        body: request.fleet ?? {},
        decode: decoded(FleetState, (state) => state),
      }
    case 'simulator':
      return {
        path: `${simulators}/pumps/${encodeURIComponent(request.pumpId)}`,
        method: 'GET',
        decode: decoded(SimulatedPumpDetail, (detail) => detail),
      }
    case 'simulator-deed': {
      const { kind, ...body } = request.deed
      return {
        path: `${simulators}/pumps/${encodeURIComponent(request.pumpId)}/${kind}`,
        method: 'POST',
        body,
        decode: done,
      }
    }
    case 'simulator-pace': {
      const { to, ...body } = request.pace
      return { path: `${simulators}/${to}`, method: 'POST', body, decode: decoded(SimulatorClock, (clock) => clock) }
    }
    case 'watch-end':
      return { path: `${api}/watched/${encodeURIComponent(request.pumpId)}`, method: 'DELETE', decode: done }
  }
}
