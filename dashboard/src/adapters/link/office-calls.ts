import { HandOverOutcome, HandOverSheet } from '#domain/hand-over/sheet.ts'
import type { OfficeRequest } from '#dashboard/core/office-requests.ts'
import { decoded, done } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1'

const handOver = (act: string, body: object): Call => ({
  path: `${api}/hand-over/${act}`,
  method: 'POST',
  body,
  decode: decoded(HandOverOutcome, (outcome) => outcome),
})

const query = (fields: Readonly<Record<string, string | number | boolean | null>>): string => {
  const said = Object.entries(fields).filter(([, value]) => value !== null)
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
    case 'watch-end':
      return { path: `${api}/watched/${encodeURIComponent(request.pumpId)}`, method: 'DELETE', decode: done }
  }
}
