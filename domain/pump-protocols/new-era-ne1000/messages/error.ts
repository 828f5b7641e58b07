// ?            unknown command                  pump -> host, after the status (new-era-ne1000.md 4)
// ?NA          not applicable
// ?OOR         out of range
// ?COM         bad packet received: line trouble
// ?IGN         ignored

export interface ErrorReply {
  readonly type: 'error'
  readonly error: string
}

const errors: readonly string[] = ['?', '?NA', '?OOR', '?COM', '?IGN']

export const parseError = (data: string): ErrorReply | null =>
  errors.includes(data) ? { type: 'error', error: data } : null
