import { PhoneAnswer } from '#domain/assignment/api.ts'
import { AlarmDetail, Triage } from '#domain/live/api.ts'
import type { AlarmRequest } from '#dashboard/core/alarm-requests.ts'
import { decoded } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1'

export const alarmCall = (request: AlarmRequest): Call => {
  switch (request.what) {
    case 'alarm':
      return {
        path: `${api}/alarms/${encodeURIComponent(request.episodeId)}`,
        method: 'GET',
        decode: decoded(AlarmDetail, (detail) => detail),
      }
    case 'triage': {
      const { requestId, expectedVersion, record } = request
      return {
        path: `${api}/alarms/${encodeURIComponent(request.episodeId)}/triage`,
        method: 'PUT',
        body: { requestId, expectedVersion, ...record },
        decode: decoded(Triage, ({ triage }) => triage),
      }
    }
    case 'patient-phone':
      return {
        path: `${api}/assignments/${encodeURIComponent(request.pumpId)}/phone`,
        method: 'GET',
        decode: decoded(PhoneAnswer, ({ phone }) => phone),
      }
  }
}
