// CONNREQ "^" "0.1"  "^" system-id "^" date "^" time                                          pump -> host (neurowave-ap4000.md 3)
// CONNREQ "^" "v0.2" "^" system-id "^" software-version "^" configuration-version "^" date "^" time
//   system-id  NNN-NN-NN-NNN; another shape makes the frame void: nothing could be asked with it
//   date       YYYY-MM-DD
//   time       HH:MM:SS.mmm
// Any other word in the first field is a version of the protocol that is not known.

export interface ConnReq {
  readonly type: 'CONNREQ'
  readonly version: '0.1' | 'v0.2'
  readonly systemId: string
  readonly softwareVersion: string | null
  readonly configurationVersion: string | null
  readonly date: string
  readonly time: string
}

export const systemIdShape = /^[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3}$/

export const parseConnReq = (fields: readonly string[]): ConnReq | 'bad' | 'unsup' => {
  const [version, systemId, ...rest] = fields
  if (version !== '0.1' && version !== 'v0.2') return 'unsup'
  const [softwareVersion = null, configurationVersion = null] = version === 'v0.2' ? rest : []
  const [date, time] = version === 'v0.2' ? rest.slice(2) : rest
  if (systemId === undefined || !systemIdShape.test(systemId) || date === undefined || time === undefined) return 'bad'
  return { type: 'CONNREQ', version, systemId, softwareVersion, configurationVersion, date, time }
}
